/** A world in which everything that others can name is hostile, and what eyes must not meet. */

/** What others give a text to: everything but ids, states and words of Windows that are compared. */
const given = new Set([
  'name', 'switchName', 'machine', 'account', 'userName', 'caption', 'model', 'manufacturer', 'message', 'exception',
  'problem', 'adapter', 'adapterDescription', 'addresses', 'programs',
]); // prettier-ignore

/** Begins with what turns, hides and joins; ends with marks without end and a length that is none. */
const turned = (text: string): string =>
  `\u202e\u2066${text}\u2069\u200b\u00ad\u{e0041}\u3164\u0007\r\n\u2028\ufe0f\u200dz${'\u0336'.repeat(40)}${'n'.repeat(400)}`;
export const rightToLeft = (text: string): string => `מכונה ${text}`;

/** The same value with such names; the same name stays the same. */
export function hostile<Value>(value: Value, make: (text: string) => string = turned): Value {
  const changed = (one: unknown, isGiven: boolean): unknown => {
    if (typeof one === 'string') return isGiven && one !== '' ? make(one) : one;
    if (Array.isArray(one)) return one.map((inner) => changed(inner, isGiven));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, changed(inner, given.has(key))]));
  };
  return changed(value, false) as Value;
}

/** Empty, or what is unseen in a text, stands too high, or goes on too long. Around letters from right to left an isolate is ours. */
export function unseenIn(text: string, longest: number): readonly string[] {
  const own = text.replace(
    /\u2068([^\u2066-\u2069]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}][^\u2066-\u2069]*)\u2069/gu,
    '$1',
  );
  return [
    ...own.matchAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu),
    ...own.matchAll(/\p{M}{6,}/gu),
    ...own.matchAll(new RegExp(`n{${longest},}`, 'g')),
  ].map(([found]) => JSON.stringify(found.slice(0, 20)));
}
