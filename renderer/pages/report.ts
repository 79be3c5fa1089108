/** A run as plain text, to paste into a ticket. */
import { begunAt, type RunRecord } from '../../src/core/run/record.js';
import type { Translator } from '../../src/text/index.js';
import { outcomesOf } from '../../src/core/run/progress.js';
import { titleOfRun } from '../wizard/titles.js';
import { whatOf } from '../wizard/words.js';
import type { RunView } from './activity.js';

/** Newest first. Where it would be longer than `most` characters, the oldest runs are left out, and that is said. */
export function reportOfAll(
  t: Translator,
  views: readonly RunView[],
  runs: readonly RunRecord[],
  most = Number.POSITIVE_INFINITY,
): string {
  const parts: string[] = [];
  let length = 0;
  for (const view of views) {
    const part = reportOf(t, view, runs);
    length += part.length + 2;
    if (length > most && parts.length > 0) break;
    parts.push(part.slice(0, most));
  }
  const left = views.length - parts.length;
  return [...parts, ...(left > 0 ? [t('activity.reportCut', { count: left })] : [])].join('\n\n');
}

function reportOf(t: Translator, view: RunView, runs: readonly RunRecord[]): string {
  const lines = [titleOfRun(t, view.run, runs), `${begunAt(view.run)} – ${view.progress.ended ?? ''}`];
  const { parts = 1 } = view.run.span ?? {};
  if (parts > 1) lines.push(t('activity.partOf', { count: parts }));
  for (const chain of view.progress.chains) {
    lines.push('', chain.chain.name);
    for (const { step, state, failure } of chain.steps) {
      lines.push(`  ${String(step.number)}. ${t.message(step.title)} [${state}]`);
      if (failure?.record) lines.push(`     ${failure.record.id}: ${failure.record.message.replaceAll(/\s+/g, ' ')}`);
    }
    for (const { change, was, is, took } of outcomesOf(chain)) {
      const what = whatOf(t, change.path, undefined);
      lines.push(`  ${what.name}: ${what.value(was)} → ${what.value(is ?? change.to)} [${took}]`);
    }
  }
  return lines.join('\n');
}
