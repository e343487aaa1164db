// Everything needed to run it again.

import type { RunRecord } from '../../../analysis/record.js';
import { formatBytes } from '../../format.js';
import { html, type Content, type Markup } from '../markup.js';
import { card, definitions } from './elements.js';

export function configuration({ profile, seed, tags, git, machine, baseUrl, total, id }: RunRecord): Markup {
  const revision = git ? `${git.revision}${git.dirty ? ' (with local changes)' : ''}` : 'unknown';
  const tagText = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const facts: [string, Content][] = [
    ['Run', id],
    ['Target', baseUrl],
    ['Seed', seed],
    ['Revision', revision],
    [
      'Machine',
      `${machine.cores} × ${machine.cpu}, ${formatBytes(machine.memoryBytes)}, ${machine.platform}, Node ${machine.node}`,
    ],
    ['Received, sent', `${formatBytes(total.bytesReceived)}, ${formatBytes(total.bytesSent)}`],
    ['Lost, timed out, refused', `${total.lost}, ${total.timeouts}, ${total.refused}`],
    ...(tagText.length > 0 ? ([['Tags', tagText.join(', ')]] as [string, Content][]) : []),
  ];
  return card(
    'configuration',
    'Configuration',
    html`${definitions(facts)}
      <details>
        <summary>Profile as it was run</summary>
        <pre>${JSON.stringify(profile, null, 2)}</pre>
      </details>`,
  );
}
