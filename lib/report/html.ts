const MARKUP: unique symbol = Symbol('markup');

/** Text that is HTML already. Only this file can make one, so that nothing reaches a page unescaped by accident. */
export interface Markup {
  readonly [MARKUP]: string;
}

type HtmlValue = string | number | Markup | undefined | readonly HtmlValue[];

/** HTML in which every interpolated value is escaped, save markup of this same template. Attributes must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return trustMarkup(parts.reduce((page, part, at) => `${page}${toMarkup(values[at - 1])}${part}`));
}

/** For text that a programmer wrote, such as a style sheet; never for a value. */
export function trustMarkup(text: string): Markup {
  return { [MARKUP]: text };
}

export function renderMarkup(markup: Markup): string {
  return markup[MARKUP];
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeText(value);
  return MARKUP in value ? value[MARKUP] : value.map(toMarkup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that could reorder or hide their neighbours are shown by their code, as `[U+202E]`. */
function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/(?![\n\t])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, showCode);
}

function showCode(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}
