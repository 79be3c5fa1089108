/** What a pasted text is about: whole consoles, in colour, wrapped at any width. Codes and error ids are in no language. */
import type { Check, CheckId } from '../checks/check.js';
import { codesOf, type Code } from './codes.js';
import { topics, type Mark, type Sign, type Topic } from './topics.js';

export interface TopicMatch {
  readonly topic: Topic;
  /** What of the text it was recognised by, as it is written there. */
  readonly by: string;
  /** `possible`: by a sign of other topics too, or this PC says otherwise. */
  readonly sure: 'certain' | 'possible';
  /** What was read of this PC speaks against it. */
  readonly isRefuted: boolean;
}

/** Of a longer text the beginning and the end are read: an error stands at one of them. */
const mostRead = 100_000;
/** Of what it was recognised by, to be shown. */
const mostShown = 120;

/** What was read of this PC and is as it should be, which is all that speaks against a topic: each once, in one order. */
export const fineOf = (checks: readonly Check[]): readonly CheckId[] =>
  [...new Set(checks.map(({ id }) => id))]
    .filter((one) => checks.every(({ id, verdict }) => id !== one || verdict === 'ok'))
    .toSorted();

/** The likeliest first, each topic once; none: the text is not known. `fine`: the checks of this PC that are. */
export function recognise(text: string, fine: readonly string[] = []): readonly TopicMatch[] {
  const plain = plainOf(text);
  const texts = recordsOf(plain);
  if (texts.length < 2) return matchesOf(plain, fine);
  const records = texts.map((record) => matchesOf(record, fine));
  // What failed first is why the rest failed; what only was not there was looked for, or never made.
  const decides = records.find(([first]) => first && first.topic.id !== lookUp);
  if (decides) return decides;
  const matches = matchesOf(plain, fine);
  const isWhole = records.every((found) => found.length > 0);
  return isWhole ? matches : matches.map((match) => ({ ...match, sure: 'possible' }));
}

const lookUp = 'not-found';

/** The errors of PowerShell that a console shows, one by one: each with what stands before it. */
function recordsOf(plain: string): readonly string[] {
  const ends = [...plain.matchAll(/FullyQualifiedErrorId[^\n]*(?:\n {3,}[^\s+][^\n]*)*/g)].map(
    ({ 0: id, index }) => index + id.length,
  );
  return ends.map((end, at) => plain.slice(ends[at - 1] ?? 0, end));
}

function matchesOf(plain: string, fine: readonly string[]): readonly TopicMatch[] {
  const pasted: Pasted = { plain, squeezed: squeeze(plain), codes: codesOf(plain) };
  const found = topics.flatMap((topic): (TopicMatch & { readonly isProved: boolean })[] => {
    const proof = firstOf(topic.marks, pasted);
    const by = proof ?? firstOf(topic.shared ?? [], pasted);
    if (by === undefined) return [];
    const isRefuted = topic.refutedBy?.every((id) => fine.includes(id)) ?? false;
    const sure = proof === undefined || isRefuted ? 'possible' : 'certain';
    return [{ topic, by, sure, isRefuted, isProved: proof !== undefined }];
  });
  // What is proved explains the code that stands beside it.
  const proved = found.filter(({ isProved }) => isProved);
  const matches = proved.length > 0 ? proved : found;
  return [...matches.filter(({ isRefuted }) => !isRefuted), ...matches.filter(({ isRefuted }) => isRefuted)];
}

/** Codes that stand in a text, each once. */
export const codesIn = (text: string): readonly Code[] => codesOf(plainOf(text));

interface Pasted {
  readonly plain: string;
  readonly squeezed: Squeezed;
  readonly codes: readonly Code[];
}

/** What the first of the marks that is there was written as. */
function firstOf(marks: readonly Mark[], pasted: Pasted): string | undefined {
  for (const mark of marks) {
    const { sign, near, unless } = typeof mark === 'object' ? mark : { sign: mark };
    const stands = (word: string): boolean => pasted.squeezed.text.includes(word.replace(/\s/g, ''));
    if ((near && !near.some(stands)) || unless?.some(stands)) continue;
    const by = writtenAs(sign, pasted);
    if (by !== undefined) return by;
  }
  return undefined;
}

const writtenAs = (sign: Sign, { plain, squeezed, codes }: Pasted): string | undefined =>
  typeof sign === 'number' ? codes.find(({ code }) => code === sign)?.written : find(plain, squeezed, sign);

/** Without what is only for a console: colours, the bar before each line of an error, the line ends of CLIXML; full width as ASCII. */
function plainOf(text: string): string {
  const kept =
    text.length <= mostRead ? text : `${text.slice(0, mostRead / 2)}\n${text.slice(text.length - mostRead / 2)}`;
  return kept
    .replace(escapes, '')
    .replace(/_x000D_|_x000A_/gi, '\n')
    .replace(/\r\n?/g, '\n')
    .replace(/^[ \t]*(?:\d+[ \t]*)?\|[ \t]?/gm, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
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
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
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
