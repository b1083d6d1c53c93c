import type { Treatment } from './treatment';

/** `8 to 15 characters of digits`. */
export function describeForm(form: Extract<Treatment, { kind: 'format-preserving' }>): string {
  const { alphabet, minLength, maxLength } = form;
  const length = minLength === maxLength ? `${minLength}` : `${minLength} to ${maxLength}`;
  return `${length} characters of ${alphabet}`;
}

/** `values above 90 show 90`. */
export function describeBounds({ bottom, top }: Extract<Treatment, { kind: 'top-bottom' }>): string {
  return [
    ...(bottom === undefined ? [] : [`values below ${bottom} show ${bottom}`]),
    ...(top === undefined ? [] : [`values above ${top} show ${top}`]),
  ].join(', ');
}
