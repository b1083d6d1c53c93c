/** An advanced event selector, as CloudTrail tells it. */
interface TrailSelector {
  readonly Name?: string | undefined;
  readonly FieldSelectors?: readonly SelectedField[] | undefined;
}

/** By the name of the condition: the values that meet it. */
type SelectedField = { readonly Field?: string | undefined } & Readonly<
  Partial<Record<keyof typeof CONDITIONS, readonly string[] | undefined>>
>;

const CONDITIONS = {
  Equals: 'is',
  StartsWith: 'begins with',
  EndsWith: 'ends with',
  NotEquals: 'is not',
  NotStartsWith: 'does not begin with',
  NotEndsWith: 'does not end with',
} as const;

/** What a trail records, in words: one line for each selector. */
export function describeSelectors(selectors: readonly TrailSelector[]): readonly string[] {
  return selectors.map(({ Name, FieldSelectors = [] }) => {
    const fields = FieldSelectors.flatMap(({ Field = 'a field', ...conditions }) =>
      CONDITION_NAMES.flatMap((name) => {
        const values = conditions[name] ?? [];
        return values.length === 0 ? [] : [`${Field} ${CONDITIONS[name]} ${values.join(' or ')}`];
      }),
    );
    const what = fields.join(', ');
    return Name === undefined || Name === '' ? what : `${Name}: ${what}`;
  });
}

const CONDITION_NAMES = ['Equals', 'StartsWith', 'EndsWith', 'NotEquals', 'NotStartsWith', 'NotEndsWith'] as const;
