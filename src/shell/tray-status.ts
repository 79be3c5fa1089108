/** The tray's icon and its line of status: from what is known to words. Pure. */
import { vmIn, thisPc, type VmRef } from '../core/cmdlets/ref.js';
import { accessOf, trayStateOf, type Access, type TrayState } from '../core/machine/access.js';
import type { RunId } from '../core/machine/goal.js';
import type { Machine } from '../core/machine/machine.js';
import { powerOf } from '../core/machine/vm-state.js';
import type { Drift } from '../core/run/drift.js';
import type { Connection } from '../ipc/schema.js';
import type { Translator, Words } from '../text/index.js';
import type { Uses } from '../core/run/recent.js';
import { ifRead } from '../core/machine/reading.js';

export interface TrayFacts {
  readonly connection: Connection;
  readonly machine: Machine | null;
  readonly isSimulated: boolean;
  /** VMs that a run of the app is changing now. */
  readonly busy: ReadonlySet<VmRef>;
  readonly hasCutShort: boolean;
  readonly drifts: readonly Drift[];
  /** When each was last used: the most recent come first. */
  readonly uses: Uses;
  /** What an undo would take back; undefined: nothing. */
  readonly lastChange: RunId | undefined;
  /** The app quits when what runs has ended. */
  readonly isLeaving: boolean;
  /** What is shown is old: the machines cannot be read just now. */
  readonly isFailing: boolean;
}

/** Which of the five icons. */
export function trayIcon({ connection, machine, busy, hasCutShort, isFailing, drifts }: TrayFacts): TrayState {
  return trayStateOf(accessOf(connection, machine), busy.size > 0, hasCutShort || isFailing || drifts.length > 0);
}

/** One line: the tooltip, and the first line of the menu. */
export function trayStatus(facts: TrayFacts, t: Translator): Words {
  const status = plainStatus(facts, accessOf(facts.connection, facts.machine), t);
  const said = facts.isLeaving ? t('tray.leaving', { status }) : status;
  return facts.isSimulated ? t('tray.simulated', { status: said }) : said;
}

function plainStatus(
  { machine, busy, hasCutShort, isFailing, drifts }: TrayFacts,
  access: Access,
  t: Translator,
): Words {
  const pc = machine?.host.name ?? t('tray.thisPc');
  switch (access.kind) {
    case 'starting':
      return t('tray.starting');
    case 'lost':
      return t('tray.lost');
    case 'no-access':
      return t('tray.noAccess', { pc });
    case 'ended':
      return t('tray.ended', { pc, at: access.asOf });
    case 'joined-not-signed-out':
      return t('tray.signOut', { pc });
    case 'no-hyper-v':
      return t('tray.noHyperV', { pc });
    case 'service-stopped':
      return t('tray.stopped', { pc });
    case 'module-blocked':
    case 'constrained-language':
      return t('tray.blocked', { pc });
    case 'ok':
      break;
  }
  const vms = ifRead(machine?.vms, [], (all) => all);
  const changing = vms.filter(({ id }) => busy.has(vmIn(thisPc, id)));
  const [first] = changing;
  if (first && changing.length === 1) return t('tray.working', { pc, name: first.name });
  if (busy.size > 0) return t('tray.workingMany', { pc, count: busy.size });
  if (hasCutShort) return t('tray.cutShort', { pc });
  if (isFailing) return t('tray.failing', { pc });
  const [drift] = drifts;
  if (drift && drifts.length === 1) return t('tray.drifted', { pc, name: drift.name });
  if (drift) return t('tray.driftedMany', { pc, count: drifts.length });
  if (vms.length === 0) return t('tray.empty', { pc });
  const running = vms.filter((vm) => powerOf(vm) === 'running').length;
  return t('tray.ready', { pc, running, all: vms.length });
}
