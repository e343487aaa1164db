// Which names and addresses mean this machine, and never another one.

/** @param hostname without the brackets that an IPv6 address has in a URL */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '::1' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
