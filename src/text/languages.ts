/**
 * The languages that a person can choose: each one row. The dictionary of a partial one is `{ ...en, ...de }`: what it lacks is English, so
 * it has no `system` tags: nobody finds themselves in a half-English app without having chosen it.
 */
import { en } from './en.js';
import type { Entry, MessageKey } from './entry.js';
import { zhCN } from './zh-CN.js';

interface LanguageRow {
  /** In itself: who cannot read the present language finds the way. */
  readonly name: string;
  readonly dictionary: Readonly<Record<MessageKey, Entry>>;
  /** First parts of the tags of Windows for which it is taken by itself. */
  readonly system: readonly string[];
  /** Seconds, minutes, hours, days: behind their number, with a no-break space. */
  readonly units: readonly [string, string, string, string];
  readonly justNow: string;
  readonly ago: (span: string) => string;
  /** The name of a VM in a sentence: quoted where it could not be told from the words around it. */
  readonly inSentence: (name: string) => string;
}

export const languages = {
  en: {
    name: 'English',
    dictionary: en,
    system: ['en'],
    units: ['\u00a0s', '\u00a0min', '\u00a0h', '\u00a0d'],
    justNow: 'just now',
    ago: (span) => `${span} ago`,
    inSentence: (name) => name,
  },
  'zh-CN': {
    name: '简体中文',
    dictionary: zhCN,
    system: ['zh'],
    units: ['\u00a0秒', '\u00a0分钟', '\u00a0小时', '\u00a0天'],
    justNow: '刚刚',
    ago: (span) => `${span}前`,
    inSentence: (name) => (/[\p{sc=Han}\s]/u.test(name) && !name.startsWith('“') ? `“${name}”` : name),
  },
} as const satisfies Readonly<Record<string, LanguageRow>>;

export type Language = keyof typeof languages;
export const languageTags = Object.keys(languages) as [Language, ...Language[]];
export const rowOf = (language: Language): LanguageRow => languages[language];
