/** The state after an event of main: of this PC, or of a host. */
import { textOf } from '../../src/core/cmdlets/ref.js';
import { applyPatch } from '../../src/core/machine/patch.js';
import type { RunEvent, RunRecord } from '../../src/core/run/record.js';
import type { AppEvent, AppState, HostState } from '../../src/ipc/schema.js';

export type StateEvent = Exclude<AppEvent, { kind: 'open' | 'wizard' | 'host-test' }>;

export function afterEvent(state: AppState, event: StateEvent): AppState {
  if (event.host === undefined) return afterOwn(state, event);
  const host = textOf(event.host);
  const known = state.others[host];
  // It was forgotten meanwhile.
  return known ? { ...state, others: { ...state.others, [host]: afterOwn(known, event) } } : state;
}

function afterOwn<State extends HostState>(state: State, event: StateEvent): State {
  switch (event.kind) {
    case 'state':
      return { ...state, ...event.state };
    case 'machine':
      // A patch without a machine belongs to a source that was left meanwhile.
      return state.machine ? { ...state, machine: applyPatch(state.machine, event.patch) } : state;
    case 'run':
      return {
        ...state,
        runs: state.runs.map((record) => (record.id === event.event.run ? withEvent(record, event.event) : record)),
        running: runningAfter(state.running, event.event),
      };
    case 'run-record': {
      const isKnown = state.runs.some(({ id }) => id === event.record.id);
      return {
        ...state,
        runs: isKnown
          ? state.runs.map((record) => (record.id === event.record.id ? event.record : record))
          : [event.record, ...state.runs],
      };
    }
  }
}

/** A record that came with its events may have this one already. */
function withEvent(record: RunRecord, event: RunEvent): RunRecord {
  const isNext = (record.events.at(-1)?.seq ?? -1) < event.seq;
  if (!isNext && record.events.some(({ seq }) => seq === event.seq)) return record;
  const events = isNext ? [...record.events, event] : [...record.events, event].sort((a, b) => a.seq - b.seq);
  return event.kind === 'ended' ? { ...record, events, outcome: event.outcome } : { ...record, events };
}

function runningAfter(running: readonly string[], event: RunEvent): readonly string[] {
  if (event.kind === 'ended') return running.filter((id) => id !== event.run);
  return running.includes(event.run) ? running : [...running, event.run];
}
