/** Takes names, accounts and addresses out of what is told of this PC and puts numbered chips in their place. Pure. */

import { outsideChips, withoutShapes, type ShapeKind } from './redaction-shapes.js';

const kinds = [
  'VM', 'nested-VM', 'PC', 'account', 'SID', 'checkpoint', 'switch', 'adapter', 'made', 'id', 'MAC', 'address', 'URL', 'folder', 'disk', 'word',
] as const; // prettier-ignore
type Kind = (typeof kinds)[number];

/** Shorter ones are taken out only where they stand alone or in quotes: a VM called "a" must not eat every a. */
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
    for (const spelling of texts.flatMap(spellings)) if (!chips.has(spelling)) chips.set(spelling, chip);
  }
  const chipOf = (kind: ShapeKind, found: string): string => {
    const key = found.toLowerCase();
    const chip = chips.get(key) ?? next(kind);
    chips.set(key, chip);
    return chip;
  };
  const named = namesPattern([...chips.keys()]);
  const chipOfName = (found: string): string =>
    chips.get(found.toLowerCase()) ??
    chips.get(found) ??
    // A letter that is the same as another to a pattern, and not to lower case (the sign of Kelvin is a k).
    [...chips].find(([name]) => new RegExp(`^${escaped(name)}$`, 'iu').test(found))?.[1] ??
    next('word');
  const inText = (text: string): string => {
    const whole = chips.get(text.toLowerCase());
    if (whole !== undefined) return whole;
    return withoutShapes(named ? outsideChips(text, (piece) => piece.replace(named, chipOfName)) : text, chipOf);
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
      (all, { text: word, chip }) => outsideChips(all, (piece) => piece.replace(anywhere(word), () => chip)),
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

/**
 * How a name may be written: as it is (a letter in lower case may be two that stand for another one in no pattern: İ), composed and
 * decomposed, in JSON and in a URL; a MAC address with its marks, an id without.
 */
function spellings(name: string): readonly string[] {
  const plain = [name, name.normalize('NFC'), name.normalize('NFD')];
  const mac = /^[0-9a-f]{12}$/i.test(name) ? [':', '-'].map((mark) => name.replace(/..(?=.)/g, `$&${mark}`)) : [];
  const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? [name.replaceAll('-', '')] : [];
  const all = [...plain, ...mac, ...id, JSON.stringify(name).slice(1, -1), encoded(name)];
  return [...new Set(all.flatMap((one) => [one.toLowerCase(), one]))];
}
/** Half of a pair cannot be encoded. */
const encoded = (name: string): string => encodeURIComponent(name.replace(/\p{Cs}/gu, '\ufffd'));

/** Of a word. Scripts that set no words apart have no ends of words. */
const inWord =
  '[[\\p{L}\\p{N}]--[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}]]';
/** All of them in one, longest first: a name that is part of another would leave the rest of it. None begins or ends in the middle of a word. */
function namesPattern(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  const long = longestFirst.filter((name) => name.length >= shortest).map(escaped);
  const short = longestFirst.filter((name) => name.length < shortest && name !== '').map(escaped);
  const one = (all: readonly string[]): string => (all.length === 0 ? '(?!)' : `(?:${all.join('|')})`);
  return new RegExp(
    `(?:(?<!${inWord})|(?!${inWord}))${one(long)}(?:(?!${inWord})|(?<!${inWord}))|(?<=['"“‘«「])${one(short)}(?=['"”’»」])`,
    'giv',
  );
}
const escaped = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/-]/g, (one) => (one === '-' ? '\\x2d' : `\\${one}`));
