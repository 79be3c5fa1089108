/** A report of a problem: redacted, shown, and then saved as exactly what was shown. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { HostId } from '../core/cmdlets/ref.js';
import type { AppState } from '../ipc/schema.js';
import type { ProblemReport, TakenOut } from '../ipc/report.js';
import { problemFiles, type Versions } from './diagnostics.js';
import { chipsIn } from './redaction.js';
import { zipOf } from './zip.js';

/** Bytes of the log that are told: its end, where the problem is. */
const logTold = 100_000;

interface ReportWish {
  /** The PC that it tells of. */
  readonly at?: HostId;
  /** What is taken out besides. */
  readonly words: readonly string[];
  /** The error that it is about. */
  readonly pasted?: string;
}

export interface MadeReport {
  readonly shown: ProblemReport;
  readonly zip: Buffer;
}

export async function makeReport(
  state: AppState,
  versions: Versions,
  {
    logFolder,
    unwritten,
    now,
    ...wish
  }: ReportWish & { readonly logFolder: string; readonly unwritten: string; readonly now: Date },
): Promise<MadeReport> {
  const log = (await endOf(path.join(logFolder, 'hypernest.log'))) + unwritten;
  const files = problemFiles(state, versions, { log, ...wish });
  const zip = zipOf(files, now);
  return { shown: { files, takenOut: takenOut(files.map(({ text }) => text).join('\n')), size: zip.length }, zip };
}

function takenOut(text: string): Readonly<Record<TakenOut, number>> {
  const chips = chipsIn(text);
  return {
    people: (chips.PC ?? 0) + (chips.account ?? 0) + (chips.SID ?? 0),
    machines: (chips.VM ?? 0) + (chips['nested-VM'] ?? 0) + (chips.checkpoint ?? 0),
    hardware: (chips.adapter ?? 0) + (chips.MAC ?? 0) + (chips.id ?? 0),
    network: (chips.switch ?? 0) + (chips.made ?? 0) + (chips.address ?? 0) + (chips.URL ?? 0),
    paths: (chips.folder ?? 0) + (chips.disk ?? 0),
    words: chips.word ?? 0,
  };
}

/** From the first whole line on. A log that cannot be read is no reason not to report. */
async function endOf(file: string): Promise<string> {
  try {
    const text = await fs.readFile(file);
    if (text.length <= logTold) return text.toString('utf8');
    const end = text.subarray(text.length - logTold);
    return end.subarray(end.indexOf(0x0a) + 1).toString('utf8');
  } catch {
    return '';
  }
}
