/**
 * Texts that people paste, each with what is right: tests/corpus/*.txt. A text begins with `=== TOPIC` (several with `|`, the
 * likeliest first; `none`: nothing should be said of it), then where it is from, what it was called when the corpus was begun,
 * why it is not told for certain, an empty line and the text.
 */
import fs from 'node:fs';
import path from 'node:path';
import { recognise } from '../../src/core/errors/recognize.js';

export type Verdict = 'right' | 'several' | 'none' | 'miss' | 'wrong';

export interface PastedText {
  readonly file: string;
  /** Topics that fit; none: it says nothing that can be explained. */
  readonly right: readonly string[];
  /** `owner/repository#number`, or `own`. */
  readonly from: string;
  readonly before: Verdict;
  /** Why it is not told for certain. */
  readonly because: string | undefined;
  readonly text: string;
}

export interface Judged extends PastedText {
  readonly verdict: Verdict;
  readonly topics: readonly string[];
}

const here = import.meta.dirname;

export const corpus = (): readonly PastedText[] =>
  fs
    .readdirSync(here)
    .filter((file) => file.endsWith('.txt'))
    .toSorted()
    .flatMap((file) =>
      fs
        .readFileSync(path.join(here, file), 'utf8')
        .split(/^=== /m)
        .slice(1)
        .map((entry) => textOf(file, entry)),
    );

function textOf(file: string, entry: string): PastedText {
  const end = entry.indexOf('\n\n');
  const [topics = '', ...lines] = entry.slice(0, end).split('\n');
  const head = new Map(lines.map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]));
  const before = head.get('before');
  if (!isVerdict(before)) throw new Error(`${file}: ${entry}`);
  return {
    file,
    right: topics === 'none' ? [] : topics.split(' | '),
    from: head.get('from') ?? '',
    before,
    because: head.get('because'),
    text: entry.slice(end + 2).trimEnd(),
  };
}

const isVerdict = (word: string | undefined): word is Verdict =>
  word !== undefined && ['right', 'several', 'none', 'miss', 'wrong'].includes(word);

export function judge(pasted: PastedText): Judged {
  const matches = recognise(pasted.text);
  const topics = matches.map(({ topic }) => topic.id);
  return { ...pasted, topics, verdict: verdictOf(pasted.right, topics, matches[0]?.sure === 'certain') };
}

function verdictOf(right: readonly string[], [first, ...more]: readonly string[], isSure: boolean): Verdict {
  if (first === undefined) return right.length === 0 ? 'none' : 'miss';
  if (isSure) return right.length === 1 && right[0] === first ? 'right' : 'wrong';
  // The likeliest comes first, and nothing that fits is missing.
  if (right.length > 1)
    return right[0] === first && right.every((id) => [first, ...more].includes(id)) ? 'several' : 'wrong';
  return [first, ...more].some((id) => right.includes(id)) ? 'several' : 'wrong';
}
