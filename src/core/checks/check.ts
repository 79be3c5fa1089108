/** A check is one finding about a snapshot: verdict, evidence, and the goal that would fix it. */
import type { ExplainedKey, Message, MessageKey, ParamsOf } from '../../text/index.js';
import type { Guid } from '../cmdlets/call.js';
import type { Wish } from '../machine/goal.js';
import type { OneShot } from '../machine/machine.js';

export type Verdict = 'ok' | 'advice' | 'warning' | 'blocker' | 'unknown';

export const checkIds = [
  // rights
  'rights', 'administrator-protection', 'module', 'language-mode',
  // host
  'architecture', 'windows', 'edition', 'processor', 'extensions', 'hypervisor-below', 'hyper-v-role', 'hypervisor', 'management-service', 'nested-nat-overlap', 'virtualization-based-security',
  // vm
  'vm-state', 'vm-health', 'configuration-version', 'startup-memory', 'dynamic-memory', 'nested-memory', 'processor-count', 'checkpoints', 'stop-action', 'nested-inside', 'nested-network', 'switch', 'nat-overlap',
  // third-party
  'virtualbox', 'vmware', 'haxm', 'aehd', 'docker', 'third-party',
] as const; // prettier-ignore
/** In the way of a wish, or to be known of it: found by its plan (core/change), not in a snapshot. */
/** `host`: the PC that the VM is on. */
type PlanCheckId = 'signed-in' | 'network' | 'elevated' | 'new-vm' | 'host' | IdleCheckId;
/** A role is on inside, and cannot be used all the same. */
export type IdleCheckId = 'guest-service' | 'guest-hypervisor';
export type CheckId = (typeof checkIds)[number] | PlanCheckId;

/** One line of evidence: where it was read, and what it said. `source` is a property, class or file as Windows writes it. */
export interface Fact {
  readonly source: string;
  readonly value: string | number | boolean | null;
}

/** One line of evidence; what could not be read is null. */
export const facts = (source: string, value: Fact['value'] | undefined): readonly Fact[] => [
  { source, value: value ?? null },
];

/** What mends it: a goal for this VM, or an act of this PC. */
export type Fix =
  | { readonly kind: 'vm'; readonly want: Wish }
  | {
      readonly kind: 'act';
      readonly act: OneShot | 'allow-session' | 'sign-out' | 'restart';
    };

export interface Check {
  readonly id: CheckId;
  /** Absent for checks of this PC. */
  readonly vm?: Guid;
  readonly verdict: Verdict;
  /** What is so, in one sentence; then why it matters. */
  readonly title: Message;
  readonly why: Message;
  readonly evidence: readonly Fact[];
  readonly fix?: Fix;
  /** What the fix's button says. */
  readonly fixLabel?: Message;
  /** What a person types in the guest, where nothing mends it from here; the last one undoes the others, as its words say. */
  readonly commands?: readonly Command[];
}

export interface Command {
  readonly command: string;
  readonly why: Message;
}

type Params<K extends ExplainedKey> = ParamsOf<K> & ParamsOf<`${K}Why`>;
interface Said {
  readonly key: MessageKey;
  readonly params?: object;
}

/** A finding and its reason, which stand beside each other in the dictionary: `roleOff`, `roleOffWhy`. */
export function say<K extends ExplainedKey>(
  verdict: Verdict,
  key: K,
  ...params: keyof Params<K> extends never ? [] : [Params<K>]
): Pick<Check, 'verdict' | 'title' | 'why'>;
export function say(
  verdict: Verdict,
  key: ExplainedKey,
  params?: object,
): { verdict: Verdict; title: Said; why: Said } {
  const values = params && { params };
  return { verdict, title: { key, ...values }, why: { key: `${key}Why`, ...values } };
}
