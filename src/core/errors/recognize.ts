/** What a pasted text is about: whole consoles, in colour, wrapped at any width. Codes and error ids are in no language. */
import { topics, type Topic } from './topics.js';

export interface TopicMatch {
  readonly topic: Topic;
  /** What of the text it was recognised by, as it is written there. */
  readonly by: string;
  /** `vague`: a code alone that stands for much else too. */
  readonly sure: 'certain' | 'vague';
}

/** Of a longer text the beginning and the end are read: an error stands at one of them. */
const mostRead = 100_000;
/** Of what it was recognised by, to be shown. */
const mostShown = 120;

/** The most certain first; none: the text is not known. Each topic once. */
export function recognise(text: string): readonly TopicMatch[] {
  const plain = plainOf(text);
  const squeezed = squeeze(plain);
  const codes = codesOf(plain);
  const matches = topics.flatMap((topic): TopicMatch[] => {
    const said = topic.says.map((part) => find(plain, squeezed, part)).find((found) => found !== undefined);
    const code = codes.find(({ code: one }) => topic.codes.includes(one));
    const vague = codes.find(({ code: one }) => topic.vagueCodes?.includes(one));
    const by = code?.written ?? said ?? vague?.written;
    return by === undefined ? [] : [{ topic, by, sure: code || said !== undefined ? 'certain' : 'vague' }];
  });
  return [...matches.filter(({ sure }) => sure === 'certain'), ...matches.filter(({ sure }) => sure === 'vague')];
}

/** Codes that stand in a text, each once. */
export const codesIn = (text: string): readonly Code[] => codesOf(plainOf(text));

/** Without what is only for a console: colours, the bar before each line of an error, the line ends of CLIXML. */
function plainOf(text: string): string {
  const read =
    text.length <= mostRead ? text : `${text.slice(0, mostRead / 2)}\n${text.slice(text.length - mostRead / 2)}`;
  return read
    .replace(escapes, '')
    .replace(/_x000D_|_x000A_/gi, '\n')
    .replace(/\r\n?/g, '\n')
    .replace(/^[ \t]*(?:\d+[ \t]*)?\|[ \t]?/gm, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .trim();
}
// Colours, and the links that terminals know; invisible characters that mark where a line may break.
// eslint-disable-next-line no-control-regex -- they begin with the control character ESC
const escapes = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u200b\u00ad\ufeff]/g;

interface Squeezed {
  /** In lower case, without any white space: a console breaks lines in the middle of words. */
  readonly text: string;
  /** Where each of its characters stands. */
  readonly places: readonly number[];
}

function squeeze(text: string): Squeezed {
  const places: number[] = [];
  let squeezed = '';
  for (const [at, char] of Array.from(text, (_, index) => [index, text[index] ?? ''] as const)) {
    if (/\s/.test(char)) continue;
    const lower = char.toLowerCase();
    squeezed += lower.length === 1 ? lower : char;
    places.push(at);
  }
  return { text: squeezed, places };
}

function find(plain: string, { text, places }: Squeezed, says: string): string | undefined {
  let start: number | undefined;
  let end = 0;
  for (const part of says.split('…')) {
    const wanted = part.replace(/\s/g, '');
    const at = text.indexOf(wanted, end);
    if (at < 0) return undefined;
    start ??= at;
    end = at + wanted.length;
  }
  const found = plain.slice(places[start ?? 0], (places[end - 1] ?? 0) + 1).replace(/\s+/g, ' ');
  return found.length <= mostShown ? found : `${found.slice(0, mostShown - 1)}…`;
}

interface Code {
  readonly code: number;
  readonly written: string;
}

function codesOf(plain: string): readonly Code[] {
  const asRead = codesInLine(plain.replace(/\s+/g, ' '));
  // Broken in two by the width of the console: only what is a whole HRESULT, a small number would be chance.
  const joined = codesInLine(plain.replace(/\n[ \t]*/g, '')).filter(({ code }) => code >= 2 ** 31 && !isWin32(code));
  const more = joined.filter(({ code }) => !asRead.some((one) => one.code === code));
  const parts = asRead.filter(({ written }) => !more.some((one) => one.written.startsWith(written)));
  return [...new Map([...more, ...parts].map((one) => [one.code, one])).values()];
}

/** In hexadecimal with or without 0x, or decimal; a small number only where it is said to be an error, or is all there is. */
function codesInLine(text: string): readonly Code[] {
  const found = text.matchAll(/(?<![\w.-])(?:0x[0-9a-f]{1,8}|8[0-9a-f]{7}|-?\d{1,10})(?![\w-]|\.\d)/gi);
  return [...found].flatMap(({ 0: written, index }): Code[] => {
    const isHex = /^0x/i.test(written) || /^8[0-9a-f]{7}$/i.test(written);
    const number = isHex ? Number.parseInt(written.replace(/^0x/i, ''), 16) : Number(written);
    const code = number < 0 ? number + 2 ** 32 : number;
    // An HRESULT has its highest bit set; 32768 to 32799 are what WMI methods of Hyper-V return.
    if (code >= 2 ** 31 && code < 2 ** 32) return [{ code, written }];
    if (code >= 32768 && code < 32800) return [{ code, written }];
    const before = text.slice(Math.max(0, index - 24), index);
    const isError =
      isHex ||
      written === text ||
      /(?:error|code|win32|错误|代码|fehler|erreur|error de|ошибк\S*|エラー)\W{0,4}$/iu.test(before);
    return isError && code > 0 && code < 16000 ? [{ code: win32 + code, written }] : [];
  });
}
const win32 = 0x80070000;
const isWin32 = (code: number): boolean => Math.floor(code / 0x10000) === win32 / 0x10000;
