/** The composition root of a command of a console: it answers and ends, has no window, and writes nothing of the app's. */
import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { app } from 'electron';
import { listed } from './core/machine/hosts.js';
import { engineOf, openPlace, scenarioFault } from './places.js';
import { listenFor } from './shell/answer-line.js';
import { headOf, wordsFor, type Review, type Start } from './shell/command-line.js';
import { exitCodeOf, jsonOf, type Report } from './shell/command-report.js';
import { helpLines, printedOf } from './shell/command-words.js';
import { refusedOf, reportFor, type CommandOptions, type Hearing } from './shell/commands.js';
import type { Handed } from './shell/handed.js';
import { languageFor } from './shell/language.js';
import { print } from './shell/printing.js';
import { settingsIn } from './shell/settings.js';
import type { Switches } from './shell/switches.js';
import { learn, translator, type Translator } from './text/index.js';

interface Options {
  readonly start: Extract<Start, { readonly kind: 'command' | 'wrong' }>;
  readonly options: Switches;
  /** The folder of the app's files. */
  readonly data: string;
  /** Makes that folder the one by which an app that runs is found. */
  readonly choosePlace: () => void;
}

export async function runCommand({ start, options, data, choosePlace }: Options): Promise<void> {
  const { settings, hosts } = settingsIn(data);
  const language = languageFor(settings.language, app.getPreferredSystemLanguages());
  await learn(language);
  const t = translator(language);
  const fault = scenarioFault(options.scenario);
  if (fault !== undefined) return await end(2, 'error', [fault]);
  if (start.kind === 'wrong')
    return await endWith(refusedOf('wrong-arguments', t, t.message(start.why)), start.isJson, t);
  const { command, isJson } = start;
  if (command.kind === 'help') return await end(0, 'out', helpLines(t));
  const report = await reportFor(command, {
    t,
    appVersion: app.getVersion(),
    hosts: listed(hosts),
    openPlace: () =>
      openPlace({
        settings,
        ...options,
        userData: data,
        downloads: () => app.getPath('downloads'),
        engine: app.isPackaged ? undefined : engineOf(process.env),
        owner: () => undefined,
      }),
    ...asking(choosePlace),
    say: (line) => void print('error', [line]),
  }).catch((error: unknown) => refusedOf('failed', t, String(error)));
  await endWith(report, isJson, t);
}

/** How the app that runs is asked. */
function asking(choosePlace: () => void): Pick<CommandOptions, 'askEnd' | 'askReview'> {
  const hand = async (handed: (answer: string) => Handed, alone: (answer: string) => boolean) => {
    const answer = randomUUID();
    const hearing = await listenFor(answer);
    choosePlace();
    const isAlone = app.requestSingleInstanceLock(handed(answer));
    if (isAlone) app.releaseSingleInstanceLock();
    return isAlone && !alone(answer) ? undefined : hearing;
  };
  return {
    askEnd: () =>
      hand(
        (answer) => ({ kind: 'end', answer }),
        () => false,
      ),
    askReview: async (review: Review): Promise<Hearing> => {
      const hearing = await hand(
        (answer) => ({ kind: 'review', review, answer }),
        (answer) => {
          startApp(review, answer);
          return true;
        },
      );
      if (!hearing) throw new Error('nobody was asked');
      return hearing;
    },
  };
}

/** The app, which goes on when this command has ended. */
function startApp(review: Review, answer: string): void {
  const args = [...headOf(process.argv, app.isPackaged), ...wordsFor(review, answer)];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
}

function endWith(report: Report, isJson: boolean, t: Translator): Promise<void> {
  if (isJson) return end(exitCodeOf(report), 'out', [jsonOf(report)]);
  const { to, lines } = printedOf(report, t);
  return end(exitCodeOf(report), to, lines);
}

async function end(code: number, to: 'out' | 'error', lines: readonly string[]): Promise<void> {
  await print(to, lines);
  await app.whenReady();
  app.exit(code);
}
