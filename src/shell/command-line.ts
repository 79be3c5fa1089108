/** What the app was started for: its window, a link into it, or a command of a console. Pure. */
import { parseArgs } from 'node:util';
import { isLinkText, longestLink } from '../core/machine/link.js';
import type { RunId } from '../core/machine/goal.js';
import type { Message } from '../text/index.js';
import type { Handed } from './handed.js';

/** What a plan of the command line wants of each VM. */
export interface LineWant {
  readonly nesting?: boolean;
  readonly spoofing?: boolean;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'end' }
  | { readonly kind: 'list' }
  /** This PC, or a VM. */
  | { readonly kind: 'check'; readonly vm?: string }
  | { readonly kind: 'plan'; readonly vms: readonly string[]; readonly want: LineWant }
  | Review;

/** What only a click in the window carries out: its review is opened there. `run` absent: the last change. */
export type Review =
  | { readonly kind: 'apply'; readonly vms: readonly string[]; readonly want: LineWant }
  | { readonly kind: 'undo'; readonly run?: RunId };

export type Start =
  | { readonly kind: 'app' }
  /** As it came: it may be none. */
  | { readonly kind: 'link'; readonly text: string }
  | { readonly kind: 'command'; readonly command: Command; readonly isJson: boolean }
  /** Started by a command, to open its review: who asks hears the answer by this name. */
  | { readonly kind: 'review'; readonly review: Review; readonly answer: string }
  | { readonly kind: 'wrong'; readonly why: Message; readonly isJson: boolean };

const kinds = ['help', 'version', 'list', 'check', 'plan', 'undo', 'end'] as const;
const flags = [...kinds, 'json', 'apply'] as const;
const values = ['nesting', 'spoofing', 'answer'] as const;
/** Of tests and tours (switches.ts): a command is silent about them in an app that is not packaged. */
const ofTests = { flags: ['disable-gpu', 'no-sandbox', 'user-copy'], values: ['scenario', 'sim-speed', 'unused-limit', 'user-data-dir'] } as const; // prettier-ignore

/** The switches of a packaged app that make a command of its start, as written before a `=`. */
export const commandSwitches: readonly string[] = [...flags, ...values].map((name) => `--${name}`);
/** Of a word of a command line: what stands before its value. */
export const switchNameOf = (word: string): string => word.split('=', 1)[0] ?? word;
export const isCommandSwitch = (word: string): boolean => commandSwitches.includes(switchNameOf(word));

/** A name of a VM, a change or a link is longer nowhere. */
const longestWord = 200;
const mostVms = 100;

/** The words behind the program, and in an app that is not packaged behind its folder. */
export function wordsOf(argv: readonly string[], isPackaged: boolean): readonly string[] {
  if (isPackaged) return argv.slice(1);
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '-r' || word === '--require') at++;
    else if (!word.startsWith('-')) return argv.slice(at + 1);
  }
  return [];
}

export function startOf(words: readonly string[], isPackaged: boolean): Start {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const isCommand = before.some(isCommandSwitch);
  const links = before.filter(isLinkText);
  const [first] = links;
  // Whoever wrote the link wrote the switches too. A VM of such a name is called by its id.
  if (isCommand && first !== undefined)
    return {
      kind: 'wrong',
      why: { key: 'command.wrongWord', params: { word: first } },
      isJson: words.includes('--json'),
    };
  if (isCommand) return commandOf(words, isPackaged);
  if (first === undefined) return { kind: 'app' };
  // What stands beside a link was not written by a person: it is nothing that is understood.
  const others = words.filter((word) => !links.includes(word) && (isPackaged || !word.startsWith('--')));
  const [text = ''] = links.length === 1 && others.length === 0 ? links : [];
  return { kind: 'link', text };
}

interface Read {
  readonly given: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

function commandOf(words: readonly string[], isPackaged: boolean): Start {
  const isJson = words.includes('--json');
  const wrong = (why: Message): Start => ({ kind: 'wrong', why, isJson });
  const read = readWords(words, isPackaged);
  if ('why' in read) return wrong(read.why);
  const asked = kinds.filter((kind) => read.given.has(kind));
  const [kind, other] = asked;
  if (kind === undefined) return wrong({ key: 'command.wrongNone' });
  if (other !== undefined) return wrong({ key: 'command.wrongTwo', params: { one: `--${kind}`, other: `--${other}` } });
  const command = commandFor(kind, read);
  if ('why' in command) return wrong(command.why);
  const answer = read.values.get('answer');
  if (answer === undefined) return { kind: 'command', command, isJson };
  return isReview(command)
    ? { kind: 'review', review: command, answer }
    : wrong({ key: 'command.wrongOption', params: { option: '--answer' } });
}

interface Wrong {
  readonly why: Message;
}
const wrongly = (why: Message): Wrong => ({ why });

const isReview = (command: Command): command is Review => command.kind === 'apply' || command.kind === 'undo';

function readWords(words: readonly string[], isPackaged: boolean): Read | Wrong {
  const known = {
    flags: [...flags, ...(isPackaged ? [] : ofTests.flags)] as readonly string[],
    values: [...values, ...(isPackaged ? [] : ofTests.values)] as readonly string[],
  };
  const options = Object.fromEntries<{ readonly type: 'boolean' | 'string' }>([
    ...known.flags.map((name) => [name, { type: 'boolean' }] as const),
    ...known.values.map((name) => [name, { type: 'string' }] as const),
  ]);
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Set<string>();
  const read = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const isValue = known.values.includes(name);
    if (!rawName.startsWith('--') || (!isValue && !known.flags.includes(name)))
      return wrongly({ key: 'command.wrongOption', params: { option: rawName } });
    if (given.has(name)) return wrongly({ key: 'command.wrongTwice', params: { option: rawName } });
    if (isValue && !value) return wrongly({ key: 'command.wrongNoValue', params: { option: rawName } });
    if (!isValue && value !== undefined)
      return wrongly({ key: 'command.wrongValue', params: { option: rawName, value } });
    given.add(name);
    if (value !== undefined) read.set(name, value);
  }
  const tooLong = positionals.find((word) => word.length > longestWord);
  if (tooLong !== undefined) return wrongly({ key: 'command.wrongWord', params: { word: tooLong } });
  return { given, values: read, rest: positionals };
}

function commandFor(kind: (typeof kinds)[number], { given, values: read, rest }: Read): Command | Wrong {
  const [first, second] = rest;
  const onlyPlans = ['apply', 'nesting', 'spoofing'].find((name) => given.has(name));
  if (kind !== 'plan' && onlyPlans !== undefined)
    return wrongly({ key: 'command.wrongWithout', params: { option: `--${onlyPlans}` } });
  const extra = kind === 'check' || kind === 'undo' ? second : first;
  if (kind !== 'plan' && extra !== undefined) return wrongly({ key: 'command.wrongWord', params: { word: extra } });
  switch (kind) {
    case 'check':
      return first === undefined ? { kind } : { kind, vm: first };
    case 'undo':
      return first === undefined ? { kind } : { kind, run: first };
    case 'plan': {
      if (first === undefined) return wrongly({ key: 'command.wrongNoVm' });
      if (rest.length > mostVms) return wrongly({ key: 'command.wrongMany', params: { count: mostVms } });
      const want = wantOf(read);
      return 'why' in want ? want : { kind: given.has('apply') ? 'apply' : 'plan', vms: rest, want };
    }
    default:
      return { kind };
  }
}

/** Nesting is what the app is for: it is meant where nothing else is said. */
function wantOf(read: Read['values']): LineWant | Wrong {
  const wants = (['nesting', 'spoofing'] as const).flatMap((name) => {
    const value = read.get(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const wrong = wants.find(({ value }) => value !== 'on' && value !== 'off');
  if (wrong) return wrongly({ key: 'command.wrongValue', params: { option: `--${wrong.name}`, value: wrong.value } });
  if (wants.length === 0) return { nesting: true };
  return Object.fromEntries(wants.map(({ name, value }) => [name, value === 'on']));
}

/** The words of a start that opens a review: switches first, since Electron on Windows ends where one comes behind a name like `a:b`. */
export function wordsFor(review: Review, answer: string): readonly string[] {
  const head = `--answer=${answer}`;
  if (review.kind === 'undo') return [head, '--undo', ...(review.run === undefined ? [] : ['--', review.run])];
  const wants = Object.entries(review.want).map(([name, isOn]) => `--${name}=${isOn ? 'on' : 'off'}`);
  return [head, '--plan', '--apply', ...wants, '--', ...review.vms];
}

/** Of an app that is not packaged: its folder with what stands before it, and the switches of tests. */
export function headOf(argv: readonly string[], isPackaged: boolean): readonly string[] {
  if (isPackaged) return [];
  const words = wordsOf(argv, false);
  const names = [...ofTests.flags, ...ofTests.values].map((name) => `--${name}`);
  return [...argv.slice(1, argv.length - words.length), ...words.filter((word) => names.includes(switchNameOf(word)))];
}

/** What a start that is no command of its own asks of the app that runs. A link is cut where none is that long. */
export function handedFor(start: Exclude<Start, { readonly kind: 'command' | 'wrong' }>): Handed {
  switch (start.kind) {
    case 'app':
      return { kind: 'show' };
    case 'link':
      return { kind: 'link', text: start.text.slice(0, longestLink + 1) };
    case 'review':
      return { kind: 'review', review: start.review, answer: start.answer };
  }
}
