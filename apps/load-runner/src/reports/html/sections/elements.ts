// The few shapes that all sections are made of.

import { html, type Content, type Markup } from '../markup.js';

export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** `id` is what links lead to. */
export const card = (id: string, title: string, body: Content): Markup =>
  html`<section class="card" id="${id}">
    <h2>${title}</h2>
    ${body}
  </section>`;

export const table = (head: Content, rows: Content): Markup =>
  html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

export const heads = (names: readonly string[]): Markup[] => names.map((name) => html`<th>${name}</th>`);

export const definitions = (facts: readonly [string, Content][]): Markup =>
  html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

/** A picture that assets/charts.js or assets/report-charts.js draws; without JavaScript the tables tell the same. */
export const chart = (title: string, name: string): Markup =>
  html`<h3>${title}</h3>
    <div class="chart" data-chart="${name}"></div>`;
