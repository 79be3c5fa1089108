/** What a command answers, as data: its JSON is this, word for word (docs/command-line.md). A field that goes or means something else raises the version. Pure. */
import { idOf, type VmRef } from '../core/cmdlets/ref.js';
import { z } from 'zod';
import { checksOfHost, checksOfVm, verdictOf } from '../core/checks/all.js';
import type { Check } from '../core/checks/check.js';
import { toScript } from '../core/change/script.js';
import { ifRead } from '../core/machine/reading.js';
import type { Machine, Vm } from '../core/machine/machine.js';
import type { ShownPlan } from '../ipc/schema.js';
import { consentKinds } from '../core/machine/goal.js';
import { callOf } from './line-goal.js';
import type { Translator } from '../text/index.js';

const reportVersion = 1;
const of = { version: z.literal(reportVersion) };
/** `simulated`: of a PC that the app makes up. */
const ofPc = { ...of, simulated: z.boolean() };
const vm = z.strictObject({ id: z.string(), name: z.string() });
const verdict = z.enum(['ok', 'advice', 'warning', 'blocker', 'unknown']);
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const check = z.strictObject({
  id: z.string(),
  verdict,
  /** In the language of the app. */
  title: z.string(),
  why: z.string(),
  evidence: z.array(z.strictObject({ source: z.string(), value })).readonly(),
});

const list = z.strictObject({
  ...ofPc,
  kind: z.literal('list'),
  /** null, here and below: not known. */
  pc: z.string().nullable(),
  vms: z.array(vm.extend({ state: z.string().nullable(), nesting: z.boolean().nullable() })).readonly(),
});
const checked = z.strictObject({
  ...ofPc,
  kind: z.literal('check'),
  /** null: this PC. */
  vm: vm.nullable(),
  verdict,
  checks: z.array(check).readonly(),
});
const plan = z.strictObject({
  ...ofPc,
  kind: z.literal('plan'),
  result: z.enum(['ready', 'already-so', 'blocked']),
  steps: z.array(z.strictObject({ number: z.number(), vm, title: z.string() })).readonly(),
  changes: z.array(z.strictObject({ vm, path: z.string(), from: value, to: value })).readonly(),
  asks: z
    .array(
      z.strictObject({
        consent: z.enum(consentKinds),
        vms: z.array(vm).readonly(),
      }),
    )
    .readonly(),
  blocked: z.array(z.strictObject({ vm, checks: z.array(check).readonly() })).readonly(),
  gone: z.array(vm).readonly(),
  /** PowerShell; '' where nothing is to be done. */
  script: z.string(),
  undoScript: z.string(),
});
const change = z.strictObject({
  ...of,
  kind: z.literal('change'),
  outcome: z.enum(['done', 'failed', 'closed']),
  /** Its id in History; null: nothing was begun. */
  change: z.string().nullable(),
});
const end = z.strictObject({ ...of, kind: z.literal('end'), outcome: z.enum(['ended', 'not-running', 'kept']) });
const version = z.strictObject({ ...of, kind: z.literal('version'), app: z.string() });
const whyRefused = [
  'wrong-arguments',
  'unknown-vm',
  'several-vms',
  'no-change',
  'nothing-to-undo',
  'unread',
  'no-answer',
  'failed',
] as const;
const refused = z.strictObject({
  ...of,
  kind: z.literal('refused'),
  why: z.enum(whyRefused),
  message: z.string(),
  /** Those that a name fits. */
  vms: z.array(vm).readonly(),
});

export const reportSchema = z.discriminatedUnion('kind', [list, checked, plan, change, end, version, refused]);
export type Report = z.infer<typeof reportSchema>;
type ReportOf<Kind extends Report['kind']> = Extract<Report, { readonly kind: Kind }>;
export type ListReport = ReportOf<'list'>;
export type CheckReport = ReportOf<'check'>;
export type PlanReport = ReportOf<'plan'>;
export type RefusedReport = ReportOf<'refused'>;
type Called = z.infer<typeof vm>;
/** Of what a reading answers. */
export interface Told {
  readonly t: Translator;
  readonly simulated: boolean;
  /** What is run without the app runs on this PC alone. */
  readonly isBound: boolean;
}

export const made = { version: reportVersion } as const;

export const listOf = ({ host, vms }: Machine, { simulated }: Pick<Told, 'simulated'>): ListReport => ({
  ...made,
  simulated,
  kind: 'list',
  pc: host.name ?? null,
  vms: ifRead(vms, [], (all) =>
    all.map((one) => ({ ...callOf(one), state: one.state ?? null, nesting: one.nesting ?? null })),
  ),
});

export function checkOf(machine: Machine, of: Vm | undefined, { t, simulated }: Told): CheckReport {
  const checks = of ? checksOfVm(machine, of) : checksOfHost(machine);
  return {
    ...made,
    simulated,
    kind: 'check',
    vm: of ? callOf(of) : null,
    verdict: verdictOf(checks),
    checks: checks.map((one) => saidCheck(one, t)),
  };
}

const saidCheck = (
  { id, verdict: how, title, why, evidence }: Check,
  t: Translator,
): CheckReport['checks'][number] => ({
  id,
  verdict: how,
  title: t.message(title),
  why: t.message(why),
  evidence: evidence.map(({ source, value: found }) => ({ source, value: found })),
});

const nothing = { steps: [], changes: [], asks: [], blocked: [], gone: [], script: '', undoScript: '' } as const;

export function planOf(
  { result, script, undoScript }: ShownPlan,
  { host }: Pick<Machine, 'host'>,
  { t, simulated, isBound }: Told,
): PlanReport {
  const head = { ...made, simulated, kind: 'plan', result: result.kind } as const;
  const gone = ('gone' in result ? result.gone : undefined)?.map(calledOf) ?? [];
  if (result.kind === 'already-so') return { ...head, ...nothing, gone };
  const blockedOf = (by: readonly { readonly vm: VmRef; readonly name: string; readonly checks: readonly Check[] }[]) =>
    by.map((one) => ({ vm: calledOf(one), checks: one.checks.map((found) => saidCheck(found, t)) }));
  if (result.kind === 'blocked') return { ...head, ...nothing, gone, blocked: blockedOf(result.by) };
  const { chains, consents, blocked } = result.plan;
  const pc = isBound ? host.name : undefined;
  const names = new Map(chains.map((chain) => [chain.vm, chain.name]));
  const named = (ref: VmRef): Called => calledOf({ vm: ref, name: names.get(ref) ?? '' });
  const steps = chains.flatMap((chain) => chain.steps.map((step) => ({ chain, step })));
  return {
    ...head,
    steps: steps.map(({ chain, step }) => ({ number: step.number, vm: calledOf(chain), title: t.message(step.title) })),
    changes: steps.flatMap(({ chain, step }) =>
      step.changes.map(({ path, from, to }) => ({ vm: calledOf(chain), path, from, to })),
    ),
    asks: consents.filter(({ given }) => !given).map(({ consent, vms }) => ({ consent, vms: vms.map(named) })),
    blocked: blockedOf(blocked.map(({ by, ...rest }) => ({ ...rest, checks: by }))),
    gone: (result.plan.gone ?? []).map(calledOf),
    script: toScript(script, pc),
    undoScript: toScript(undoScript, pc),
  };
}

const calledOf = ({ vm: ref, name }: { readonly vm: VmRef; readonly name: string }): Called => ({
  id: idOf(ref),
  name,
});

/** Every letter that a console could take for something else is escaped: the page of codes of a Windows console is anybody's. */
export const jsonOf = (report: Report): string =>
  JSON.stringify(report, null, 2).replace(
    /[^\n\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** 0 done or answered, 1 refused or failed, 2 wrong arguments, 3 closed without a decision. */
export function exitCodeOf(report: Report): 0 | 1 | 2 | 3 {
  switch (report.kind) {
    case 'list':
    case 'check':
    case 'version':
      return 0;
    case 'plan':
      return report.result === 'blocked' ? 1 : 0;
    case 'change':
      return report.outcome === 'done' ? 0 : report.outcome === 'closed' ? 3 : 1;
    case 'end':
      return report.outcome === 'kept' ? 1 : 0;
    case 'refused':
      return report.why === 'wrong-arguments' ? 2 : 1;
  }
}
