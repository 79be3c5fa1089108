/** What the tray shows: of this PC alone. */
import type { VmRef } from '../core/cmdlets/ref.js';
import { lastChange, usesOf, type Uses } from '../core/run/recent.js';
import type { Translator } from '../text/index.js';
import type { AppStore } from './app-state.js';
import type { OpenHosts } from './open-hosts.js';
import { trayMenu } from './tray-menu.js';
import { trayIcon, trayStatus, type TrayFacts } from './tray-status.js';

export function trayLook(facts: () => TrayFacts, t: () => Translator) {
  const now = facts();
  const tooltip = `${t()('app.name')} – ${trayStatus(now, t())}`;
  return { icon: trayIcon(now), menu: () => trayMenu(facts(), t()), tooltip };
}

/** As of the moment of the call. */
export function trayFactsOf(store: AppStore, hosts: OpenHosts, isLeaving: () => boolean): () => TrayFacts {
  let uses: Uses = new Map();
  return () => {
    const { connection, machine, source: from, drifts, isFailing, runs, running } = store.state;
    uses = usesOf(machine, runs, uses);
    return {
      connection,
      machine,
      isSimulated: from.kind === 'simulated',
      busy: hosts.world?.runs.busyVms ?? new Set<VmRef>(),
      hasCutShort: (hosts.world?.runs.cutShort.length ?? 0) > 0,
      drifts,
      isFailing,
      uses,
      lastChange: lastChange(runs, new Set(running)),
      isLeaving: isLeaving(),
    };
  };
}
