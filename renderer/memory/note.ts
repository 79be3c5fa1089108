/** What is true about the click on Review: what stops, and why. The plan decides; this says it before. Pure. */
import type { Estimate } from '../../src/core/change/step.js';
import type { Vm } from '../../src/core/machine/machine.js';
import { isSaved, isTransitional, plainState, type MemoryOffReason } from '../../src/core/machine/vm-state.js';
import { noWords, type Translator } from '../../src/text/index.js';
import { about } from '../wizard/sentences.js';
import { ifRead } from '../../src/core/machine/reading.js';

interface Click {
  readonly vm: Vm;
  /** Something differs. */
  readonly isChanged: boolean;
  /** What stands in the fields cannot be. */
  readonly isWrong: boolean;
  /** Why Windows takes what is asked for only while it is off; null: it takes it as it stands. */
  readonly because: MemoryOffReason | null;
  /** Of its last time down and up. */
  readonly estimate: Estimate | undefined;
}

export function noteOf(t: Translator, { vm, isChanged, isWrong, because, estimate }: Click): string {
  const { name, state } = vm;
  if (isWrong) return t('memory.noteWrong');
  if (!isChanged) return t('memory.noteNothing');
  if (state !== undefined && isTransitional(state)) return t('memory.noteMoving', { name });
  const plain = state && plainState(state);
  if (plain === 'Off') return t('memory.noteOff', { name });
  if (isSaved(state)) return t('memory.noteSaved', { name });
  if (because === null) return t('memory.noteLive', { name });
  if (plain === 'Paused') return t('memory.notePaused', { name });
  const seconds =
    estimate?.down === undefined || estimate.up === undefined ? undefined : estimate.down + estimate.up + 1;
  const off = seconds === undefined ? noWords : t('memory.noteOffFor', { time: about(t, seconds) });
  switch (because) {
    case 'inside':
      return t(hasRunning(vm) ? 'memory.noteFrozenNested' : 'memory.noteFrozen', { name, off });
    case 'inside-unknown':
      return t('memory.noteUnknown', { name, off });
    case 'dynamic':
      return t('memory.noteKind', { name, off });
    case 'startup':
      return t('memory.noteStartup', { name, off });
    case 'narrower':
      return t('memory.noteNarrower', { name, off });
    case 'version':
      return t('memory.noteVersion', { name, off });
    case 'not-running':
      return t('memory.noteRestart', { name, off });
  }
}

const hasRunning = ({ nested }: Vm): boolean =>
  ifRead(nested, undefined, (all) => all.some(({ state }) => plainState(state) === 'Running')) === true;
