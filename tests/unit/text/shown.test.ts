import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shown, shownText, translator } from '../../../src/text/index.js';
import { unseenIn } from '../../hostile.js';

describe('a name', () => {
  test.each([
    ['dev-box', 'dev-box'],
    ['构建机', '构建机'],
    ['𠮷', '𠮷'],
    ['Büro e\u0301', 'Büro e\u0301'],
    ['x\u2069\u202ey', 'x⟨U+2069⟩⟨U+202E⟩y'],
    ['a\u2066b\u2067c\u2068d\u200e\u200f\u061c', 'a⟨U+2066⟩b⟨U+2067⟩c⟨U+2068⟩d⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩'],
    ['two\r\nlines\ttab\0', 'two⟨U+000D⟩⟨U+000A⟩lines⟨U+0009⟩tab⟨U+0000⟩'],
    ['\u2028line\u2029ends', '⟨U+2028⟩line⟨U+2029⟩ends'],
    ['prod\u200b\u2060\ufeff\u00ad', 'prod⟨U+200B⟩⟨U+2060⟩⟨U+FEFF⟩⟨U+00AD⟩'],
    ['a\u3164b\uffa0c\u2800d\u034fe', 'a⟨U+3164⟩b⟨U+FFA0⟩c⟨U+2800⟩d⟨U+034F⟩e'],
    ['a\ufe0fb\u{e0100}c\u{e0041}', 'a⟨U+FE0F⟩b⟨U+E0100⟩c⟨U+E0041⟩'],
    ['a\ue000\ufdd0', 'a⟨U+E000⟩⟨U+FDD0⟩'],
    ['a\ud800b\udc00', 'a⟨U+D800⟩b⟨U+DC00⟩'],
    ['a\u2003b', 'a⟨U+2003⟩b'],
    ['מכונה', '\u2068מכונה\u2069'],
    ['\u202eמכונה', '\u2068⟨U+202E⟩מכונה\u2069'],
    ['', '“ ”'],
    ['   ', '“   ”'],
    [' dev', '“ dev”'],
    ['\u0301a', '◌\u0301a'],
    ['\u200b\u0338', '⟨U+200B⟩◌\u0338'],
    [`z${'\u0336'.repeat(40)}!`, `z${'\u0336'.repeat(4)}⟨+36⟩!`],
  ])('%j is shown as %j', (name, text) => {
    expect(shown(name)).toBe(text);
  });

  test('keeps the joiners that its script cannot be written without, and no others', () => {
    for (const name of ['👩‍💻', '👨‍👩‍👧‍👦 lab', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'क्‍ष', 'श्रीमान्‌को', 'ක්‍ෂ']) expect(shown(name)).toBe(name);
    expect(shown('می‌شود')).toBe('\u2068می‌شود\u2069');
    // Seen by nobody: behind a letter that joins nothing, at an end, twice, between Latin letters.
    expect(shown('دا‌د')).toBe('\u2068دا⟨U+200C⟩د\u2069');
    expect(shown('می‌')).toContain('⟨U+200C⟩');
    expect(shown('می‌‌شود')).toContain('⟨U+200C⟩');
    expect(shown('a‌b‍c')).toBe('a⟨U+200C⟩b⟨U+200D⟩c');
    expect(shown('👩‍a')).toBe('👩⟨U+200D⟩a');
    // Before a letter that itself is seen by nobody.
    expect(shown('क्\u200d\u3164')).toBe('क्⟨U+200D⟩⟨U+3164⟩');
  });

  test('is cut where a character ends', () => {
    expect(shown('n'.repeat(400))).toBe(`${'n'.repeat(119)}…`);
    expect(shown('n'.repeat(120))).toBe('n'.repeat(120));
    expect(shown('𠮷'.repeat(100), 60)).toBe(`${'𠮷'.repeat(59)}…`);
    expect(shown('👨‍👩‍👧‍👦'.repeat(100), 20)).toBe(`${'👨‍👩‍👧‍👦'.repeat(2)}…`);
    expect(shown('\u202e'.repeat(1e6)).length).toBeLessThan(130);
  });
});

test('a text of Windows keeps its lines, and nothing else that is unseen', () => {
  expect(shownText('one\r\n\ttwo\u202e\u0000')).toBe('one\n\ttwo⟨U+202E⟩⟨U+0000⟩');
  expect(shownText('n'.repeat(9000))).toHaveLength(4000);
});

test('whatever a name is, nothing in it is unseen, half, or without end, and it is shown alike in a sentence', () => {
  const rare = fc.constantFrom(
    ...('\u202e\u2066\u2069\u200b\u200c\u200d\ufe0f\u0301\u0000\n\u3164\u05d0\u0645\u094d \u00a0👩❤'.match(/./gsu) ??
      []),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(rare, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 300 }), (parts) => {
      const name = parts.join('');
      const text = shown(name);
      expect(text).not.toMatch(/\p{Cs}/u);
      expect(Array.from(text).length).toBeLessThanOrEqual(124);
      // What is one picture to Unicode, and the joiners that are seen, may stay.
      const rest = text
        .replace(new RegExp('\\p{RGI_Emoji}', 'gv'), '')
        .replace(/(?<=[\p{L}\p{M}])[\u200c\u200d](?=\p{L})/gu, '');
      expect(unseenIn(rest, 200)).toEqual([]);
      expect(translator('en')('wizard.titleNestingOn', { name })).toContain(text);
    }),
    { numRuns: 500 },
  );
});

test('a sentence is put into another as it is, a list of names each by itself', () => {
  const t = translator('en');
  const inner = t('memory.noteOff', { name: 'מכונה' });
  expect(t('learn.moreOf', { title: inner })).toContain(inner);
  expect(t('learn.found', { names: ['a\u202e', 'מכונה'] })).toBe('Found in a⟨U+202E⟩, \u2068מכונה\u2069.');
});
