import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
/** A host may choose the other 64 bits as it likes (RFC 4291, 2.5.1), so they tell nobody apart. */
const NETWORK_GROUPS = 4;

/** Whom an address belongs to, as far as it can be told: an IPv4 address itself, the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [, mapped] = MAPPED_IPV4.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return address;
  const groups = expanded(plain).slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The groups of an IPv6 address, with those that `::` stands for. */
function expanded(address: string): string[] {
  const [left = [], right = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  // A dotted IPv4 tail stands for two groups; it is never part of the network.
  const dotted = address.includes('.') ? 1 : 0;
  const zeros = Math.max(0, GROUPS - left.length - right.length - dotted);
  return [...left, ...Array<string>(address.includes('::') ? zeros : 0).fill('0'), ...right];
}
