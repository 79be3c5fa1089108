/** Where it goes what the app is asked in its tray and by other starts of it. */
import { app } from 'electron';
import type { RunRecord } from '../core/run/record.js';
import type { Parts } from './following.js';
import { Outside } from './outside.js';
import type { TrayAnswers } from './tray-answers.js';
import type { Asked } from './tray-menu.js';
import { realWatchClock } from './watcher.js';

export const obeying =
  ({ hosts }: Pick<Parts, 'hosts'>, answers: TrayAnswers, outside: Outside) =>
  (asked: Asked): void => {
    // Another start is no use by a person: any program can start the app.
    if (asked.kind === 'handed') return outside.take(asked.data);
    hosts.used();
    answers.obey(asked);
  };

/** A run has begun or ended: a toast may say so, and a console may wait for it. */
export function tellOf(record: RunRecord, answers: TrayAnswers, outside: Outside): void {
  answers.ended(record);
  outside.heard(record);
}

export const outsideOf = ({ hosts, store, window }: Parts, failed: (what: string, error: unknown) => void): Outside =>
  new Outside({
    state: () => store.state,
    isOpen: () => hosts.isOpen,
    runs: () => hosts.runs,
    show: (event) => window.show(event),
    say: (notice) => store.say(notice),
    unsay: (kind) => store.unsay(kind),
    quit: () => app.quit(),
    after: (milliseconds, act) => realWatchClock.after(milliseconds, act),
    failed,
  });
