/** What the window may ask, each answered here. Names and shapes were checked before (src/ipc/main.ts). */
import { idOf, type VmRef } from '../core/cmdlets/ref.js';
import { clipboard, dialog, shell, type BrowserWindow, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import type { Failure } from '../core/cmdlets/call.js';
import { carriedOut } from '../core/run/progress.js';
import { configurationOf } from '../core/change/configuration.js';
import { renderPlan, toScript, type ScriptPart } from '../core/change/script.js';
import type { Plan } from '../core/change/step.js';
import type { Handlers } from '../ipc/main.js';
import type { AppState, Saved, Settings, StartResult, Unread } from '../ipc/schema.js';
import type { Opened, UpdateAct } from '../ipc/updates.js';
import { shown, type Translator } from '../text/index.js';
import type { AboutTarget } from './about.js';
import type { AppStore } from './app-state.js';
import { diagnostics } from './diagnostics.js';
import { foundFiles } from './found-files.js';
import type { MemoryHistory } from './memory-history.js';
import { leavingQuestion, startQuestion, type Leaving, type Questions } from './questions.js';
import { makeReport, type MadeReport } from './problem-report.js';
import { faultOf, replaceFile } from './replace-file.js';
import type { World } from './world.js';

export type SettingsPatch = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

interface Options {
  readonly store: AppStore;
  readonly world: () => World;
  readonly t: () => Translator;
  readonly window: () => BrowserWindow | undefined;
  readonly listens: () => void;
  readonly changeSettings: (patch: SettingsPatch) => Promise<Settings>;
  readonly keepDrift: (vm: VmRef) => void;
  readonly memory: MemoryHistory;
  readonly questions: Pick<Questions, 'agreed'>;
  /** Whether the page may open something outside of the window now. */
  readonly mayOpen: () => boolean;
  /** What About opens. */
  readonly about: (what: Opened) => AboutTarget | undefined;
  readonly update: (act: UpdateAct) => void;
  readonly logFolder: string;
  /** A review that was asked for from outside is left. */
  readonly reviewLeft: (review: string) => void;
  /** Around the start of a change, which may be that of such a review. */
  readonly whileStarting: <Result>(start: () => Promise<Result>) => Promise<Result>;
  /** Lines of the log that no file holds. */
  readonly unwritten: () => string;
}

export function handlers(options: Options): Handlers {
  return {
    ...readingCalls(options),
    ...changeCalls(options),
    ...fileCalls(options),
    ...foundCalls(options),
    ...guestCalls(options),
    ...systemCalls(options),
  };
}

function readingCalls({ store, world, listens, memory }: Options) {
  return {
    state: (): AppState => {
      listens();
      return store.state;
    },
    refresh: () => world().watcher.refresh(),
    watch: ({ vm }) => world().watch(vm),
    memoryHistory: ({ vm, since }) => memory.of(idOf(vm), since),
    readNetwork: () => world().readNetwork(),
    prove: ({ at, vm }) => {
      void world().proving.start(at, vm);
    },
    stopProof: () => world().proving.stop(),
  } satisfies Partial<Handlers>;
}

function changeCalls({ world, t, questions, keepDrift, reviewLeft, whileStarting }: Options) {
  const runs = () => world().runs;
  return {
    plan: async ({ goal }) => readOr(await runs().plan(goal)),
    start: ({ plan, consents }) =>
      whileStarting(async (): Promise<StartResult> => {
        const result = runs().planOf(plan)?.result;
        const question = result?.kind === 'ready' ? startQuestion(result.plan, t()) : null;
        if (question && !(await questions.agreed(question))) return { kind: 'consent-missing' };
        return await runs().start(plan, consents);
      }),
    cancel: ({ run }) => runs().cancel(run),
    settle: ({ run, how }) => runs().settle(run, how),
    threeWay: async ({ run }) => readOr(await runs().threeWay(run)),
    keepDrift: ({ vm }) => keepDrift(vm),
    reviewLeft: ({ review }) => reviewLeft(review),
  } satisfies Partial<Handlers>;
}

function fileCalls({ store, world, t, window, mayOpen, logFolder, unwritten }: Options) {
  const shownOf = (plan: string) => world().runs.planOf(plan);
  /** Carried out already, maybe long ago: the journal has it. */
  const carriedOutAs = (plan: string): Pick<Plan, 'chains'> | undefined => {
    const run = store.state.runs.find((record) => record.plan.id === plan);
    return run && carriedOut(run);
  };
  const scriptOf = (plan: string, which: 'run' | 'undo'): readonly ScriptPart[] => {
    const shown = shownOf(plan);
    if (shown) return which === 'run' ? shown.script : shown.undoScript;
    const run = carriedOutAs(plan);
    return run && which === 'run' ? renderPlan(run) : [];
  };
  const saveAs = (what: Saving, content: string | Buffer): Promise<Saved> =>
    mayOpen() ? save(window(), what, content) : Promise.resolve({ kind: 'cancelled' });
  const ofThisPc = (): string => diagnostics(store.state, versionsOf(store.state));
  let report: MadeReport | undefined;
  const made = (): MadeReport => {
    if (!report) throw new Error('no report was made');
    return report;
  };
  return {
    copyScript: ({ plan, which }) => clipboard.writeText(toScript(scriptOf(plan, which))),
    saveScript: ({ plan, which }) =>
      saveAs(
        { title: t()('tray.saveTitle'), file: 'hypernest.ps1', kind: t()('tray.scripts') },
        // With a mark, or Windows PowerShell 5.1 reads what is not ASCII in the code page of the system.
        `\uFEFF${toScript(scriptOf(plan, which))}`,
      ),
    saveConfiguration: async ({ plan }) => {
      const result = shownOf(plan)?.result;
      const known = result?.kind === 'ready' ? result.plan : carriedOutAs(plan);
      const text = await configurationText(known, store.state);
      const kind = t()('tray.configurations');
      return await saveAs({ title: t()('tray.saveConfigurationTitle'), file: 'hypernest.winget', kind }, text);
    },
    saveReport: ({ report: wanted }) =>
      saveAs(
        { title: t()('tray.saveReportTitle'), file: `hypernest-${wanted.kind}.txt`, kind: t()('tray.texts') },
        wanted.kind === 'diagnostics' ? ofThisPc() : wanted.text,
      ),
    problemReport: async (wish) => {
      const sources = { logFolder, unwritten: unwritten(), now: new Date(), ...wish };
      report = await makeReport(store.state, versionsOf(store.state), sources);
      return report.shown;
    },
    copyProblemReport: () =>
      clipboard.writeText(
        made()
          .shown.files.map(({ name, text }) => `${name}\n\n${text}`)
          .join('\n\n'),
      ),
    saveProblemReport: () =>
      saveAs({ title: t()('tray.saveReportTitle'), file: 'hypernest-report.zip', kind: t()('tray.zips') }, made().zip),
    copyText: ({ text }) => clipboard.writeText(text),
    copyDiagnostics: () => clipboard.writeText(ofThisPc()),
  } satisfies Partial<Handlers>;
}

async function configurationText(plan: Pick<Plan, 'chains'> | undefined, { machine }: AppState): Promise<string> {
  const document = plan && configurationOf(plan, machine?.host.windows?.server ?? false, shown);
  if (!document) throw new Error('no configuration can be made of it');
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Where a VM is created from: looked for and chosen, never opened here. */
function foundCalls({ store, world, t, window, mayOpen }: Options) {
  return {
    findFiles: (asked) => foundFiles(world().place, store.state.machine, world().connection, asked),
    pickFile: async ({ what }) => {
      if (!mayOpen() || store.state.source.kind === 'simulated') return { path: null };
      const name = t()(what === 'iso' ? 'create.isoFiles' : 'create.diskFiles');
      const options: OpenDialogOptions = { properties: ['openFile'], filters: [{ name, extensions: [what] }] };
      const owner = window();
      const { filePaths } = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options));
      return { path: filePaths[0] ?? null };
    },
  } satisfies Partial<Handlers>;
}

function guestCalls({ world }: Options) {
  return {
    enter: (form) => world().enter(form),
    leave: ({ at }) => world().guests.leave(at),
    forgetAccount: ({ at }) => world().guests.forgetAccount(at),
    signInKept: ({ at }) => world().guests.signInKept(at),
    lookInside: async ({ at }) => {
      await world().guests.look(at, { roles: true });
    },
  } satisfies Partial<Handlers>;
}

function systemCalls({ store, world, t, changeSettings, questions, mayOpen, about, update, logFolder }: Options) {
  const mayLeave = (how: Leaving): Promise<boolean> => {
    const isSimulated = store.state.source.kind === 'simulated';
    return questions.agreed(leavingQuestion(how, { isBusy: world().runs.isBusy, isSimulated }, t()));
  };
  return {
    connect: async ({ vm }) => ({ ok: mayOpen() && (await world().place.connect(vm)) }),
    openTool: async ({ tool }) => {
      const file = world().place.fileOf?.(tool);
      // It answers why not, or nothing.
      return { ok: file !== undefined && mayOpen() && (await shell.openPath(file)) === '' };
    },
    openAbout: async ({ what }) => {
      const target = about(what);
      if (!target || !mayOpen()) return { ok: false };
      if ('file' in target) return { ok: (await shell.openPath(target.file)) === '' };
      return {
        ok: await shell.openExternal(target.address).then(
          () => true,
          () => false,
        ),
      };
    },
    update: ({ act }) => {
      // It ends the app.
      if (act === 'look' || mayOpen()) update(act);
    },
    actScript: ({ act }) => ({ text: world().script(act) }),
    act: async ({ act }) => (mayOpen() ? await world().act(act) : { kind: 'refused' }),
    signOut: async () => {
      if (!(await mayLeave('sign-out'))) return;
      if (!(await world().signOut())) throw new Error('Windows did not sign out');
    },
    restart: async () => {
      if (!(await mayLeave('restart'))) return;
      if (!(await world().restart())) throw new Error('Windows did not restart');
    },
    reconnect: () => world().connection.open(),
    settings: (patch) => changeSettings(patch),
    openLogFolder: async () => {
      if (!mayOpen()) return;
      const problem = await shell.openPath(logFolder);
      if (problem) throw new Error(problem);
    },
    dismissNotice: ({ kind }) => store.unsay(kind),
  } satisfies Partial<Handlers>;
}

interface Saving {
  readonly title: string;
  readonly file: string;
  /** What its kind is called in the dialog. */
  readonly kind: string;
}

async function save(
  owner: BrowserWindow | undefined,
  { title, file, kind }: Saving,
  content: string | Buffer,
): Promise<Saved> {
  const extensions = [file.slice(file.lastIndexOf('.') + 1)];
  const options: SaveDialogOptions = { title, defaultPath: file, filters: [{ name: kind, extensions }] };
  const { canceled, filePath } = await (owner ? dialog.showSaveDialog(owner, options) : dialog.showSaveDialog(options));
  if (canceled || !filePath) return { kind: 'cancelled' };
  try {
    await replaceFile(filePath, content);
    return { kind: 'saved' };
  } catch (error) {
    return { kind: 'failed', fault: faultOf(error, filePath) };
  }
}

const versionsOf = ({ version }: AppState) => ({
  app: version,
  electron: process.versions['electron'],
  node: process.versions.node,
  system: `${process.platform} ${process.getSystemVersion()} ${process.arch}`,
});

/** Which failure it was reaches the window: it says what to do. */
const readOr = <Read extends object>(read: Read | Failure): Read | Unread =>
  isFailure(read) ? { kind: 'unreadable', failure: read } : read;
const isFailure = (read: object): read is Failure => 'kind' in read;
