/** Switches of the command line. Those for tests and tours count only in an app that is not packaged. Pure. */
import { isLinkText } from '../core/machine/link.js';
import { isCommandSwitch, switchNameOf } from './command-line.js';

export interface Switches {
  /** Started with Windows: no window until it is asked for. */
  readonly hidden: boolean;
  /** Without graphics acceleration, since the process for it ended before. */
  readonly isPlain: boolean;
  readonly scenario: string | undefined;
  /** How much faster than the clock simulated machines live. */
  readonly speed: number;
  /** As if it were a copy that its user can write: that can do less. */
  readonly isUserCopy: boolean;
  /** Milliseconds after which an elevated session that nobody uses is ended. */
  readonly unusedLimit: number;
}

const fastest = 10_000;
const HIDDEN = '--hidden';
const WITHOUT_GPU = '--without-gpu';
/** Said by the installer when it has updated the app, which had no window then. */
const UPDATED = '--updated';
const tenMinutes = 600_000;

export function switches(argv: readonly string[], isPackaged: boolean): Switches {
  const valueOf = (name: string): string | undefined =>
    argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const speed = Number(valueOf('sim-speed') ?? 1);
  const unusedLimit = Number(valueOf('unused-limit')) * 1000;
  return {
    hidden: argv.includes(HIDDEN) || argv.includes(UPDATED),
    isPlain: argv.includes(WITHOUT_GPU),
    scenario: isPackaged ? undefined : valueOf('scenario'),
    isUserCopy: !isPackaged && argv.includes('--user-copy'),
    // A test can only shorten it.
    unusedLimit: !isPackaged && unusedLimit > 0 ? Math.min(unusedLimit, tenMinutes) : tenMinutes,
    speed: !isPackaged && Number.isFinite(speed) && speed > 0 ? Math.min(speed, fastest) : 1,
  };
}

/** Once more as it was started, but without acceleration; with a window where there is one, and without what it was asked then. */
export function plainArguments(argv: readonly string[], hasWindow: boolean): string[] {
  const isOver = (word: string): boolean => own.includes(word) || isLinkText(word) || isCommandSwitch(word);
  const kept = argv.slice(1).filter((word) => !isOver(word));
  return [...kept, WITHOUT_GPU, ...(hasWindow ? [] : [HIDDEN])];
}

/** What a packaged app may be started with, beside what makes a command of its start (command-line.ts). Windows adds the others when it starts the app for a notification. */
const own: readonly string[] = [HIDDEN, WITHOUT_GPU, UPDATED];
const ofWindows: readonly string[] = ['-ToastActivated', '-Embedding'];

/** Chromium takes blanks away before it looks for a switch: all of Unicode's, and those of an older one. */
const blanks = /^[\s\u0085\u180e]+/u;

/**
 * The names of all other switches. Chromium, Node and Electron know hundreds, which open the app to others or take its
 * protection away, and read many of them before our first line: a list of the bad ones would never be whole.
 */
export function foreignSwitches(argv: readonly string[], platform: NodeJS.Platform): readonly string[] {
  const known = platform === 'win32' ? [...own, ...ofWindows] : own;
  const isSwitch = (word: string): boolean =>
    word.length > 1 && (word.startsWith('-') || (platform === 'win32' && word.startsWith('/')));
  const words = argv.slice(1);
  const end = words.indexOf('--');
  // Behind a blank we read no switch, ours neither.
  const isKnown = (word: string): boolean => known.includes(word) || isCommandSwitch(word);
  const foreign = (end < 0 ? words : words.slice(0, end)).filter(
    (word) => isSwitch(word.replace(blanks, '')) && !isKnown(word),
  );
  return [...new Set(foreign.map((word) => switchNameOf(word.replace(blanks, ''))))];
}
