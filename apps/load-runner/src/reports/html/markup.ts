// HTML that cannot be broken by what is put into it: every value is escaped unless it is markup already.

export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | undefined | readonly Content[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return String(content).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** Tagged template: html`<td>${text}</td>` */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(parts.map((part, index) => part + render(contents[index])).join(''));
}

/** JSON that is safe inside a script element. */
export const inlineJson = (value: unknown): Markup =>
  new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));

/** Text of our own files: styles and scripts. */
export const trusted = (text: string): Markup => new Markup(text);
