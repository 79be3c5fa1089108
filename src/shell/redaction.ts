/** Takes names, accounts and addresses out of what is told of this PC and puts numbered chips in their place. Pure. */

const kinds = [
  'VM', 'nested-VM', 'PC', 'account', 'SID', 'checkpoint', 'switch', 'adapter', 'made', 'id', 'MAC', 'address', 'folder', 'disk', 'word',
] as const; // prettier-ignore
type Kind = (typeof kinds)[number];

const patterns: readonly { readonly kind: Kind; readonly pattern: RegExp }[] = [
  { kind: 'SID', pattern: /\bS-1-5-21(?:-\d+){3,}\b/g },
  { kind: 'id', pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi },
  { kind: 'MAC', pattern: /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b[0-9A-F]{12}\b/gi },
  { kind: 'address', pattern: /\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\.)/g },
  { kind: 'address', pattern: /\b(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?/gi },
  { kind: 'disk', pattern: /\b[a-z]:\\[^"'|\r\n\t]*?\.(?:a?vhdx?|avhdx|iso|vmcx|vmrs)\b/gi },
  { kind: 'folder', pattern: /(?<=[\\/](?:Users|home)[\\/]+)[^\\/"\s]+/gi },
];

/** Ids that are the same on every PC, and so tell nothing of this one. */
const common = new Set(['9f8233ac-be49-4c79-8ee3-e7e1985b2077', 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444']);

/** Shorter ones are taken out only where they stand alone: a VM called "a" must not eat every a. */
const shortest = 3;

/** One thing: all that it is known by gets the same chip. */
export interface Named {
  readonly kind: Kind;
  readonly texts: readonly string[];
}

/** Puts chips into the strings of values, the same thing the same chip over all of them; names of properties stay. */
export function redactor(names: readonly Named[]): (value: unknown) => unknown {
  const numbers = new Map<string, number>();
  const next = (kind: Kind): string => {
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    return `<${kind}-${number}>`;
  };
  const chips = new Map<string, string>();
  for (const { kind, texts } of names) {
    const same = texts.map((one) => chips.get(one.toLowerCase())).find((chip) => chip !== undefined);
    const chip = same ?? next(kind);
    for (const one of texts) {
      // As it is written too: a letter in lower case may be two that stand for another one in no pattern (İ).
      for (const spelling of [one.toLowerCase(), one]) if (!chips.has(spelling)) chips.set(spelling, chip);
    }
  }
  const chipOf = (kind: Kind, found: string): string => {
    const key = found.toLowerCase();
    const chip = chips.get(key) ?? next(kind);
    chips.set(key, chip);
    return chip;
  };
  // Longest first, or a name that is part of another would leave the rest of it.
  const long = [...chips].filter(([name]) => name.length >= shortest).toSorted(([a], [b]) => b.length - a.length);
  const words = long.map(([name, chip]) => [wordPattern(name), chip] as const);
  const inText = (text: string): string => {
    const whole = chips.get(text.toLowerCase());
    if (whole !== undefined) return whole;
    let result = text;
    for (const [pattern, chip] of words) result = result.replace(pattern, () => chip);
    for (const { kind, pattern } of patterns)
      result = result.replace(pattern, (found) => (common.has(found.toLowerCase()) ? found : chipOf(kind, found)));
    return result;
  };
  // A key that is no identifier was a value once: the id of an adapter, the path of a machine.
  const keyOf = (key: string): string => (/^[A-Za-z]\w*$/.test(key) ? key : inText(key));
  const inValue = (one: unknown): unknown => {
    if (typeof one === 'string') return inText(one);
    if (Array.isArray(one)) return one.map(inValue);
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [keyOf(key), inValue(inner)]));
    return one;
  };
  return inValue;
}

/**
 * What a person wants taken out besides, wherever it stands, in keys and numbers too; the n-th of them is `<word-n>`. Nothing
 * inside another chip. As it is shown in JSON it may be written with backslashes: both are meant.
 */
export function takingOut(words: readonly string[]): (value: unknown) => unknown {
  const wanted = words
    .flatMap((word, at) => [word, unescaped(word)].map((text) => ({ text, chip: `<word-${at + 1}>` })))
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => b.text.length - a.text.length);
  const inText = (text: string): string =>
    wanted.reduce(
      (all, { text: word, chip }) =>
        all
          .split(wholeChip)
          .map((piece, at) => (at % 2 === 1 ? piece : piece.replace(anywhere(word), () => chip)))
          .join(''),
      text,
    );
  const inValue = (one: unknown): unknown => {
    if (typeof one === 'string') return inText(one);
    if (typeof one === 'number' || typeof one === 'boolean') {
      const told = inText(String(one));
      return told === String(one) ? one : told;
    }
    if (Array.isArray(one)) return one.map(inValue);
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [inText(key), inValue(inner)]));
    return one;
  };
  return wanted.length === 0 ? (value) => value : inValue;
}
const wholeChip = /(<[A-Za-z-]+-\d+>)/;
const anywhere = (word: string): RegExp => new RegExp(escaped(word), 'giu');
const unescaped = (word: string): string => word.replace(/\\(["\\])/g, '$1');

/** How often each kind stands in a text. */
export function chipsIn(text: string): Readonly<Partial<Record<Kind, number>>> {
  const counts: Partial<Record<Kind, number>> = {};
  for (const [, kind] of text.matchAll(chipPattern)) if (isKind(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
const chipPattern = /<([A-Za-z-]+)-\d+>/g;
const isKind = (text: string | undefined): text is Kind => kinds.some((kind) => kind === text);

/** Whole words only, and nothing inside a chip. */
function wordPattern(name: string): RegExp {
  const before = /^[\p{L}\p{N}_]/u.test(name) ? '(?<![\\p{L}\\p{N}_<])' : '';
  const after = /[\p{L}\p{N}_]$/u.test(name) ? '(?![\\p{L}\\p{N}_>]|-\\d+>)' : '';
  return new RegExp(`${before}${escaped(name)}${after}`, 'giu');
}
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
