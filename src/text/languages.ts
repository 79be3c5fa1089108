/**
 * The languages that a person can choose: each one row. The dictionary of a partial one is `{ ...en, ...de }`: what it lacks is English, so
 * it has no `system` tags: nobody finds themselves in a half-English app without having chosen it.
 */
import { en } from './en.js';
import type { Entry, MessageKey } from './entry.js';

type Dictionary = Readonly<Record<MessageKey, Entry>>;

interface LanguageRow {
  /** In itself: who cannot read the present language finds the way. */
  readonly name: string;
  /** Read from the disk when it is wanted: nobody keeps half a megabyte of words that they never see. */
  readonly load: () => Promise<Dictionary> | Dictionary;
  /** First parts of the tags of Windows for which it is taken by itself. */
  readonly system: readonly string[];
  /** Seconds, minutes, hours, days: behind their number, with a no-break space. */
  readonly units: readonly [string, string, string, string];
  readonly justNow: string;
  readonly ago: (span: string) => string;
  /** The name of a VM in a sentence: quoted where it could not be told from the words around it. */
  readonly inSentence: (name: string) => string;
  /** The PC that the app runs on, and whichever it is of several: in a sentence, and as it begins. */
  readonly pc: Readonly<Record<'this' | 'any', Readonly<Record<'here' | 'Here', string>>>>;
}

export const languages = {
  en: {
    name: 'English',
    load: () => en,
    system: ['en'],
    units: ['\u00a0s', '\u00a0min', '\u00a0h', '\u00a0d'],
    justNow: 'just now',
    ago: (span) => `${span} ago`,
    inSentence: (name) => name,
    pc: { this: { here: 'this PC', Here: 'This PC' }, any: { here: 'the PC', Here: 'The PC' } },
  },
  'zh-CN': {
    name: '简体中文',
    load: async () => (await import('./zh-CN.js')).zhCN,
    system: ['zh'],
    units: ['\u00a0秒', '\u00a0分钟', '\u00a0小时', '\u00a0天'],
    justNow: '刚刚',
    ago: (span) => `${span}前`,
    inSentence: (name) => (/[\p{sc=Han}\s]/u.test(name) && !name.startsWith('“') ? `“${name}”` : name),
    pc: { this: { here: '此电脑', Here: '此电脑' }, any: { here: '该电脑', Here: '该电脑' } },
  },
} as const satisfies Readonly<Record<string, LanguageRow>>;

export type Language = keyof typeof languages;
export const languageTags = Object.keys(languages) as [Language, ...Language[]];
export const rowOf = (language: Language): LanguageRow => languages[language];

const learned = new Map<Language, Dictionary>([['en', en]]);

/** Resolves once what is said in that language can be said. */
export async function learn(language: Language): Promise<void> {
  if (!learned.has(language)) learned.set(language, await rowOf(language).load());
}

/** English stands in for a language that nobody has learned yet. */
export const spoken = (language: Language): { readonly language: Language; readonly dictionary: Dictionary } => {
  const dictionary = learned.get(language);
  return dictionary ? { language, dictionary } : { language: 'en', dictionary: en };
};
