import { escapeHtml } from './escape';

export const cell = (text: string): string => `<td>${escapeHtml(text)}</td>`;

/** For what has no spaces to break at. */
export const longCell = (text: string): string => `<td class="long">${escapeHtml(text)}</td>`;

export const numberCell = (text: string): string => `<td class="number">${escapeHtml(text)}</td>`;

/** `rows`: their cells, escaped. A caption and scopes tell a screen reader what is what; a wide table scrolls by itself. */
export function table(caption: string, head: readonly string[], rows: readonly string[]): string {
  const headers = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  return `<div class="table" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${headers}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row}</tr>`).join('\n')}
</tbody>
</table></div>`;
}
