/** The words of each page of the guided setup: its title, what it is about, and the note beside its buttons. */
import { candidatesOf } from '../../src/core/change/candidates.js';
import { isSetUp, type SetupStep } from '../../src/core/change/setup.js';
import { purposeRow, type Purpose } from '../../src/core/checks/purposes.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { ifRead } from '../../src/core/machine/reading.js';
import { noWords, type Translator } from '../../src/text/index.js';
import { isLasting } from '../state/host.js';
import type { View } from '../state/view.js';
import { isReachable, type Place } from './places.js';
import { leadOfStep, titleOfStep } from './words.js';

/** So many VMs fit on the page; more are found by typing. */
export const fewMachines = 5;

export interface SetupPage {
  readonly at: Place;
  readonly steps: readonly SetupStep[];
  readonly step: SetupStep | undefined;
  readonly machine: Machine | null;
  readonly vm: Vm | undefined;
  readonly purpose: Purpose | null;
  readonly view: View['kind'];
}

const purposeName = (t: Translator, purpose: Purpose | null) =>
  purpose ? t.message(purposeRow(purpose).name) : noWords;

export function titleOfPage(t: Translator, { at, steps, step, machine, vm, purpose }: SetupPage): string {
  switch (at) {
    case 'purpose':
      return t('setup.purposeTitle');
    case 'pc':
      return t('setup.pcTitle');
    case 'machine':
      return machine && ifRead(machine.vms, false, (all) => all.length === 0)
        ? t('setup.emptyTitle', { pc: machine.host.name ?? t('host.pc') })
        : t('setup.machineTitle');
    case 'end':
      return isSetUp(steps) && purpose
        ? t('setup.endReady', { name: vm?.name ?? '', what: purposeName(t, purpose) })
        : t('setup.endPartly', { name: vm?.name ?? '' });
    default:
      return step && vm ? titleOfStep(t, step, vm) : '';
  }
}

/** `age`: seconds since a time in ISO 8601. */
export function leadOfPage(t: Translator, page: SetupPage, age: (iso: string) => number): string {
  const { at, step, machine, vm, purpose } = page;
  switch (at) {
    case 'purpose':
      return t('setup.purposeLead');
    case 'pc':
      return pcLead(t, page);
    case 'machine': {
      const what = purposeName(t, purpose);
      const count = ifRead(machine?.vms, 0, (all) => all.length);
      if (count === 0) return machine ? t('setup.emptyLead') : '';
      return count > fewMachines ? t('setup.machineLeadMany', { what, count }) : t('setup.machineLead', { what });
    }
    case 'end':
      return vm ? t('setup.endLead', { age: age(vm.readAt) }) : '';
    default:
      return step && vm && purpose ? leadOfStep(t, step, vm, purpose) : '';
  }
}

function pcLead(t: Translator, { machine, view, step }: SetupPage): string {
  if (!machine || view === 'lost') return t('setup.pcLeadReading');
  if (view === 'no-access') return t('setup.pcLeadSight');
  if (step?.state !== 'blocked')
    return t(step?.evidence.some(({ verdict }) => verdict === 'unknown') ? 'setup.pcLeadUnsure' : 'setup.pcLeadFine');
  return t(
    !step.evidence.some(isLasting) && step.evidence.some(({ verdict, fix }) => verdict === 'blocker' && fix)
      ? 'setup.pcLeadBlocked'
      : 'setup.pcLeadNever',
  );
}

export function noteOfPage(t: Translator, { at, steps, step, machine, vm, purpose }: SetupPage): string {
  switch (at) {
    case 'purpose':
      return purpose === null
        ? [t('setup.purposeNote'), t('setup.leaveNote')].join(t('wizard.between'))
        : t('setup.leaveNote');
    case 'pc':
      return step?.state === 'blocked' ? t('setup.pcNote') : t('setup.leaveNote');
    case 'machine':
      return isReachable('nesting', steps) ? t('setup.reviewNote') : t('setup.machineNote');
    case 'nesting': {
      if (!machine || !vm || !purpose || step?.state !== 'open') return t('setup.leaveNote');
      // What turning it on stops.
      const one = candidatesOf(machine, purpose).find((candidate) => candidate.vm.id === vm.id);
      return one ? t.message(one.because) : '';
    }
    case 'end':
      return '';
    default:
      return t(step?.want && step.state === 'open' ? 'setup.reviewNote' : 'setup.leaveNote');
  }
}
