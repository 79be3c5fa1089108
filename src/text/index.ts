/** One dictionary for tray, window and notifications. English is the type; the others must match it key by key. */
import type { en } from './en.js';
import type { MessageKey } from './entry.js';
import { languages, rowOf, spoken, type Language } from './languages.js';
import { shown, shownText, type Plain, type Raw, type Words } from './shown.js';
export type { MessageKey } from './entry.js';
export { languages, languageTags, learn, type Language } from './languages.js';
export { joined, noWords, shown, shownText, type Words } from './shown.js';

/**
 * Placeholders: `{name}` a name of others · `{names:list}` several · `{folder:text}` a path or a sentence of others · `{rest:words}` prose of
 * ours · `{memory:bytes}` · `{time:duration}` seconds · `{age:age}` seconds ago · `{count:number}` · `{at:time}` and `{at:day}` ISO 8601
 * in local time · `{here}`, `{Here}` as a sentence begins: this PC, or the host that is spoken of.
 */
type Format = 'list' | 'text' | 'words' | Measure;
type Measure = 'bytes' | 'duration' | 'age' | 'number' | 'time' | 'day';
/** What the translator knows by itself. */
type Here = 'here' | 'Here';
type Placeholders<T extends string> = T extends `${string}{${infer P}}${infer Rest}`
  ? Exclude<P, Here> | Placeholders<Rest>
  : never;
type NameOf<P extends string> = P extends `${infer N}:${Format}` ? N : P;
type ParamOf<P extends string> = P extends `${string}:${'bytes' | 'duration' | 'age' | 'number'}`
  ? number
  : P extends `${string}:list`
    ? readonly string[]
    : P extends `${string}:words`
      ? Words
      : P extends `${string}:${'time' | 'day'}`
        ? string
        : Raw;
type Param = string | number | readonly string[];
type TextOf<E> = E extends string ? E : E extends { one: infer A; other: infer B } ? (A | B) & string : never;
export type ParamsOf<K extends MessageKey> = {
  readonly [P in Placeholders<TextOf<(typeof en)[K]>> as NameOf<P>]: ParamOf<P>;
};

/** A sentence as data: what core says, and what t() turns into prose. */
export type Message = { readonly key: PlainKey } | Lone[keyof Lone] | Saying[Exclude<MessageKey, PlainKey | LoneKey>];
/**
 * One member for all texts without parameters, and one for all with the same one: a union of every key is more than the compiler
 * takes.
 */
type PlainKey = { [K in MessageKey]: keyof ParamsOf<K> extends never ? K : never }[MessageKey];
type HolderOf<K extends MessageKey> = Placeholders<TextOf<(typeof en)[K]>>;
type IsOne<T, All = T> = [T] extends [never] ? false : T extends unknown ? ([All] extends [T] ? true : false) : never;
type LoneKey = { [K in MessageKey]: IsOne<HolderOf<K>> extends true ? K : never }[MessageKey];
type LoneKeys = { [K in LoneKey as HolderOf<K>]: K };
type Lone = {
  [P in keyof LoneKeys]: { readonly key: LoneKeys[P]; readonly params: { readonly [N in P as NameOf<N>]: ParamOf<N> } };
};
type Saying = { [K in MessageKey]: { readonly key: K; readonly params: ParamsOf<K> } };

type Said<K extends MessageKey> = K extends MessageKey
  ? Placeholders<TextOf<(typeof en)[K]>> extends `${string}:${Measure}`
    ? Plain
    : Words
  : never;

/** A key whose reason stands beside it: `stateOff`, `stateOffWhy`. */
export type ExplainedKey = { [K in MessageKey]: `${K}Why` extends MessageKey ? K : never }[MessageKey];

/** Arguments of t(): the parameters only where the text has some. */
type Arguments<K extends MessageKey> = keyof ParamsOf<K> extends never ? [] : [params: ParamsOf<K>];

export interface Translator {
  readonly language: Language;
  <K extends MessageKey>(key: K, ...params: Arguments<K>): Said<K>;
  message(message: Message): Words;
}

interface Options {
  readonly timeZone?: string;
  /** Characters of a name: a menu or a toast has less room than the window. */
  readonly longestName?: number;
  /** The host that is spoken of, by its name; null: one of several PCs, each in its turn; absent: this PC. */
  readonly host?: Raw | null | undefined;
}

/** In English as long as the words of that language are not there (`learn`). */
export function translator(wanted: Language, options: Options = {}): Translator {
  const { language, dictionary } = spoken(wanted);
  const { inSentence } = rowOf(language);
  let plurals: Intl.PluralRules | undefined;
  const formOf = (count: number): Intl.LDMLPluralRule => (plurals ??= new Intl.PluralRules(language)).select(count);
  const wordsOf = (value: Param, format: Format | undefined): string => {
    if (typeof value === 'object')
      return value.map((name) => shown(name, options.longestName)).join(say('activity.pieces'));
    if (format === undefined) return shown(String(value), options.longestName);
    if (format === 'words' || format === 'list') return String(value);
    return format === 'text' ? shownText(String(value)) : formatValue(value, format, language, options.timeZone);
  };
  const say = (key: MessageKey, params: Readonly<Record<string, Param>> = {}): string => {
    const entry = dictionary[key];
    const text = typeof entry === 'string' ? entry : (entry[formOf(Number(params['count']))] ?? entry.other);
    return text.replace(
      /(“|(?<=\p{sc=Han}) )?\{(\w+)(?::(\w+))?\}( (?=\p{sc=Han}))?/gu,
      (found: string, before: string | undefined, name: string, format?: string, space?: string, at?: number) => {
        if (name === 'here' || name === 'Here') {
          const { host } = options;
          const pc = host ? shown(host, options.longestName) : rowOf(language).pc[host === null ? 'any' : 'this'][name];
          return `${before ?? ''}${amongHan(pc, text, at ?? 0, found)}${space ?? ''}`;
        }
        const value = params[name];
        if (value === undefined) return `${before ?? ''}${space ?? ''}`;
        const words = wordsOf(value, format as Format | undefined);
        // A count in the place of a name (“3 台虚拟机”) ends in Chinese, and Chinese has no space after Chinese.
        if (/^[\d,.]+[ \u00a0]\p{sc=Han}+$/u.test(words)) return `${before ?? ''}${words}`;
        const isVm = format === undefined && (name === 'vm' || name === 'name') && before !== '“';
        const isAmongWords = before === ' ' || space === ' ' || han.test(`${text[(at ?? 0) - 1] ?? ''}${text[(at ?? 0) + found.length] ?? ''}`); // prettier-ignore
        const named = isVm && isAmongWords ? inSentence(words) : words;
        // Full-width marks have no space beside them.
        return before !== '“' && named.startsWith('“') ? named : `${before ?? ''}${words}${space ?? ''}`;
      },
    );
  };
  const t = ((key: MessageKey, params?: Readonly<Record<string, Param>>) => say(key, params)) as Translator;
  return Object.assign(t, {
    language,
    message: (message: Message) => say(message.key, 'params' in message ? message.params : {}),
  });
}

/** `2.0 GB`, `48 s`, `4 s ago`: number and unit are kept together by a no-break space. */
export function formatValue(value: string | number, format: Measure, language: Language, timeZone?: string): string {
  const number = (n: number, digits = 0): string => numberFormat(language, digits, digits).format(n);
  switch (format) {
    case 'number':
      return isPlain(Number(value)) ? String(value) : numberFormat(language, 0, 1).format(Number(value));
    case 'bytes':
      return formatBytes(Number(value), number);
    case 'duration':
      return formatDuration(Number(value), language);
    case 'age': {
      const row = rowOf(language);
      return Number(value) < justNow ? row.justNow : row.ago(formatDuration(Number(value), language));
    }
    case 'time':
      return new Date(value).toLocaleTimeString(language, {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        timeZone,
      });
    case 'day':
      return new Date(value).toLocaleDateString(language, {
        month: 'short',
        day: 'numeric',
        weekday: 'short',
        timeZone,
      });
  }
}

const han = /\p{sc=Han}/u;

/** A name of other letters has a space between itself and a Chinese word. */
const amongHan = (name: string, text: string, at: number, { length }: string): string =>
  `${/^\w/.test(name) && han.test(text[at - 1] ?? '') ? ' ' : ''}${name}${/\w$/.test(name) && han.test(text[at + length] ?? '') ? ' ' : ''}`;

/** Seconds: below, nobody needs the number. */
const justNow = 5;

/** Written alike in each language; what Intl needs for it, a megabyte, is left on the disk then. */
const isPlain = (n: number): boolean => Number.isInteger(n) && Math.abs(n) < 1000 && !Object.is(n, -0);

/** Kept: making one costs a hundred times what using it does. */
const numberFormats = new Map<string, Intl.NumberFormat>();
function numberFormat(
  language: Language,
  minimumFractionDigits: number,
  maximumFractionDigits: number,
): Intl.NumberFormat {
  const key = `${language} ${minimumFractionDigits} ${maximumFractionDigits}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, { minimumFractionDigits, maximumFractionDigits });
  numberFormats.set(key, made);
  return made;
}

function formatBytes(bytes: number, number: (n: number, digits: number) => string): string {
  const gib = bytes / 2 ** 30;
  if (gib >= 1) return `${number(gib, Number.isInteger(gib) ? 0 : 1)}\u00a0GB`;
  return `${number(bytes / 2 ** 20, 0)}\u00a0MB`;
}

function formatDuration(seconds: number, language: Language): string {
  const [s, min, h, d] = languages[language].units;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${s}`;
  if (whole < 3600)
    return whole % 60 === 0 || whole > 600
      ? `${Math.round(whole / 60)}${min}`
      : `${Math.floor(whole / 60)}${min} ${whole % 60}${s}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}${h}`;
  return `${Math.floor(whole / 86400)}${d}`;
}
