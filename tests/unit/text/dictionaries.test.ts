import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/text/en.js';
import type { Entry } from '../../../src/text/entry.js';
import { zhCN } from '../../../src/text/zh-CN.js';

const english: Readonly<Record<string, Entry>> = en;
const chinese: Readonly<Record<string, Entry>> = zhCN;
const keys = Object.keys(english);
/** What stands between two words: no word itself, may be a space, or nothing in Chinese. */
const isSeparator = (key: string): boolean => formsOf(english[key]).every((text) => !/\p{L}/u.test(text));
/** Keys that are put together where they are used, by what they begin with. */
const families = ['app.verdict.'];
const root = new URL('../../../', import.meta.url);

const formsOf = (entry: Entry | undefined): readonly string[] =>
  entry === undefined ? [] : typeof entry === 'string' ? [entry] : Object.values(entry);
const holesOf = (text: string): readonly string[] => [...text.matchAll(/\{[^}]*\}/g)].map(([hole]) => hole).toSorted();

describe('the two languages', () => {
  it('say the same things', () => expect(Object.keys(chinese).toSorted()).toEqual(keys.toSorted()));

  it('have the same values in both', () => {
    // Whether the PC is named at all is the language's own matter.
    const valuesOf = (text: string): string => [...new Set(holesOf(text.replace(/\{here\}/gi, '')))].join(' ');
    const differing = keys.filter((key) => {
      const wanted = valuesOf(formsOf(english[key]).join(' '));
      // What counts may be left out where it is exactly one, in English only.
      const all = [formsOf(english[key]).at(-1) ?? '', ...formsOf(chinese[key])];
      return all.some((text) => valuesOf(text) !== wanted);
    });
    expect(differing).toEqual([]);
  });

  it('hold no empty text, no double space, no half hole', () => {
    for (const [key, entry] of [...Object.entries(english), ...Object.entries(chinese)])
      for (const text of formsOf(entry)) {
        if (isSeparator(key)) continue;
        expect(text.trim(), key).toBe(text);
        expect(text, key).not.toBe('');
        expect(text, key).not.toMatch(/ {2}/);
        expect(text.replace(/\{\w+(?::\w+)?\}/g, ''), key).not.toMatch(/[{}]/);
      }
  });

  it('do not beg, cheer or shout', () => {
    for (const [key, entry] of Object.entries(english))
      for (const text of formsOf(entry)) expect(text, key).not.toMatch(/\b(please|successfully|oops|sorry)\b|!/i);
  });

  it('Chinese has Chinese marks between Chinese words', () => {
    for (const [key, entry] of Object.entries(chinese))
      for (const text of formsOf(entry)) expect(text, key).not.toMatch(/\p{sc=Han}[,;:?!]|\p{sc=Han}\.(?!\w)/u);
  });
});

describe('a key', () => {
  it('begins with the subject of its file', () => {
    for (const language of ['en', 'zh-CN'])
      for (const file of readdirSync(new URL(`src/text/${language}/`, root))) {
        const subject = file.replace('.ts', '');
        const own = readFileSync(new URL(`src/text/${language}/${file}`, root), 'utf8').matchAll(/^ {2}'([^']+)':/gm);
        for (const [, key] of own) expect(key, file).toMatch(new RegExp(`^${subject}\\.[a-z][\\w.]*$`));
      }
  });

  it('is used somewhere, written out whole, so that no text is kept for nobody', () => {
    const sources = ['src/', 'renderer/'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|svelte)$/.test(file) && !`${folder}${file}`.startsWith('src/text/'))
        .map((file) => readFileSync(new URL(folder + file, root), 'utf8')),
    );
    const keysIn = (source: string): readonly string[] => source.match(/[a-z]+\.[a-z][\w.]*/g) ?? [];
    // A finding brings the reason that stands beside it (core/checks/check.ts).
    const reasonsIn = (source: string): readonly string[] =>
      (source.match(/\bsay\([^)]*/g) ?? []).flatMap(keysIn).map((key) => `${key}Why`);
    const used = new Set(sources.flatMap((source) => [...keysIn(source), ...reasonsIn(source)]));
    const isUsed = (key: string): boolean =>
      used.has(key) || families.some((family) => key.startsWith(family) && used.has(family));
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });
});
