/**
 * What others have named or said (VMs, switches, accounts, guests, paths, Windows' own sentences), as eyes may see it: nothing in it is
 * invisible, turns what stands around it, or goes on for ever. Every such text goes through here once, in the translator or beside it.
 */
declare const made: unique symbol;
/** Prose that may hold such a text already: shown as it is, never a second time. */
export type Words = string & { readonly [made]: 'holds' | 'plain' };
/** Prose without one: it can stand in the place of a name too ("3 machines"). */
export type Plain = string & { readonly [made]: 'plain' };
/** A text of others, not shown yet. */
export type Raw = string & { readonly [made]?: 'plain' };
export const noWords = '' as Plain;

/** Hyper-V gives a name 100 characters; a guest may say anything. */
const longestName = 120;
const longestText = 4000;
/** Of one letter: more of them only cover the lines around. */
const mostMarks = 4;

/** A name, on one line. */
export function shown(name: Raw, longest = longestName): Words {
  if (name === '') return '“ ”' as Words;
  const text = visible(name, longest, hidden);
  return isolated(/^[ \u00a0\u3000]|[ \u00a0\u3000]$/u.test(name) ? `“${text}”` : text);
}

/** Sentences, commands and paths: longer, and with the lines that they have. */
export const shownText = (text: Raw): Words =>
  isolated(visible(text.replaceAll('\r\n', '\n'), longestText, hiddenInLines));

/** What Unicode calls a control, a format, a private or a half character, what it says may be ignored, and what is blank and no space. */
const unseen =
  '\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800';
/** Drawn as nothing, whatever their kind says. */
const blank = '\\u{16fe4}|\\u{1d159}|\\u{13441}|\\u{13442}|\\ufffc';
const hidden = new RegExp(`[\\p{Cc}${unseen}]|${blank}`, 'u');
const hiddenInLines = new RegExp(`[${unseen}]|${blank}|(?![\\n\\t])\\p{Cc}`, 'u');
const mark = /^\p{M}$/u;
const needsCare = /\p{M}/u;
/** One that is drawn as one picture everywhere, with all joiners and selectors that belong to it. */
const picture = new RegExp('^\\p{RGI_Emoji}$', 'v');
/**
 * Where a joiner is seen (RFC 5892, A.1 and A.2): between two letters of Arabic script of which the first would join the second, and behind
 * a virama. Persian, Hindi or Sinhala cannot be written without.
 */
const joiners =
  /(?<=(?![\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5])[\p{L}]\p{Mn}{0,4})(?<=\p{Script=Arabic}\p{Mn}{0,4})\u200c(?=(?=\p{L})\p{Script=Arabic})|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])[\u200c\u200d](?!\p{Default_Ignorable_Code_Point})(?=\p{L})/gu;
/** Letters that are written from right to left: they turn for themselves, not for the sentence around them. */
const turns = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const isolated = (text: string): Words => (turns.test(text) ? `\u2068${text}\u2069` : text) as Words;

let kept: Intl.Segmenter | undefined;

function visible(text: string, longest: number, isHidden: RegExp): string {
  if (text.length <= longest && !isHidden.test(text) && !needsCare.test(text)) return text;
  kept ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  const begin = text.slice(0, longest * 8);
  const joined = new Set(Array.from(begin.matchAll(joiners), ({ index }) => index));
  const pieces: { readonly text: string; readonly length: number }[] = [];
  let length = 0;
  for (const { segment, index } of kept.segment(begin)) {
    const piece = visibleLetter(segment, isHidden, (at) => joined.has(index + at));
    pieces.push({ text: piece, length: Array.from(piece).length });
    length += pieces.at(-1)?.length ?? 0;
    if (length > longest) break;
  }
  if (length <= longest && begin.length === text.length) return pieces.map((piece) => piece.text).join('');
  while (length > longest - 1) length -= pieces.pop()?.length ?? length;
  return `${pieces.map((piece) => piece.text).join('')}…`;
}

function visibleLetter(letter: string, isHidden: RegExp, isJoiner: (at: number) => boolean): string {
  if (picture.test(letter)) return letter;
  let result = '';
  let marks = 0;
  let at = 0;
  for (const one of letter) {
    if (isHidden.test(one) && !isJoiner(at))
      result += `⟨U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
    else if (!mark.test(one)) result += one;
    else if (marks++ < mostMarks) result += result === '' || result.endsWith('⟩') ? `\u25cc${one}` : one;
    at += one.length;
  }
  return marks > mostMarks ? `${result}⟨+${marks - mostMarks}⟩` : result;
}

/** Prose of ours, one after the other. */
export const joined = (words: readonly Words[], between: string): Words => words.join(between) as Words;
