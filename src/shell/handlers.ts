/** What the window may ask, each answered here. Names and shapes were checked before (src/ipc/main.ts). */
import { idOf, rootOf, thisPc, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { clipboard, dialog, shell, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { Failure } from '../core/cmdlets/call.js';
import type { Goal, RunId } from '../core/machine/goal.js';
import type { Handlers } from '../ipc/main.js';
import type { AppState, Settings, StartResult, Unread } from '../ipc/schema.js';
import type { Opened, UpdateAct } from '../ipc/updates.js';
import type { Translator } from '../text/index.js';
import type { AboutTarget } from './about.js';
import type { AppStore } from './app-state.js';
import { diagnostics } from './diagnostics.js';
import { foundFiles } from './found-files.js';
import type { MemoryHistory } from './memory-history.js';
import { leavingQuestion, startQuestion, type Leaving, type Questions } from './questions.js';
import { makeReport, type MadeReport } from './problem-report.js';
import { hostCalls } from './host-calls.js';
import { saving } from './save-as.js';
import { scriptCalls } from './script-calls.js';
import type { HostBook } from './host-book.js';
import type { Changes } from './spans.js';
import type { World } from './world.js';

export type SettingsPatch = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** The PCs that are open: each call goes to the one that it is about, or to the one that the window shows. */
interface Worlds {
  /** Throws where there is none: the call is refused then. */
  readonly at: (host: HostId) => World;
  /** Of one PC, or of several at once. */
  readonly planner: (goal: Goal, host: HostId) => Changes;
  readonly withPlan: (plan: string) => Changes;
  readonly changeOf: (run: RunId) => Changes;
  /** Of all PCs. undefined: this one is not open yet. */
  readonly runs: { readonly isBusy: boolean } | undefined;
}

interface Options {
  readonly store: AppStore;
  readonly worlds: Worlds;
  readonly book: HostBook;
  readonly t: () => Translator;
  readonly window: () => BrowserWindow | undefined;
  readonly listens: () => void;
  readonly changeSettings: (patch: SettingsPatch) => Promise<Settings>;
  readonly keepDrift: (vm: VmRef) => void;
  readonly memory: (host: HostId) => MemoryHistory;
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
    ...scriptCalls(options),
    ...fileCalls(options),
    ...foundCalls(options),
    ...guestCalls(options),
    ...hostCalls(options.book, options.mayOpen),
    ...systemCalls(options),
  };
}

function readingCalls({ store, worlds, listens, memory }: Options) {
  return {
    state: (): AppState => {
      listens();
      return store.state;
    },
    refresh: (_, host) => worlds.at(host).watcher.refresh(),
    watch: ({ vm }, host) => worlds.at(vm ? rootOf(vm) : host).watch(vm),
    memoryHistory: ({ vm, since }) => memory(rootOf(vm)).of(idOf(vm), since),
    readNetwork: (_, host) => worlds.at(host).readNetwork(),
    prove: ({ at, vm }) => {
      void worlds.at(rootOf(at)).proving.start(at, vm);
    },
    stopProof: ({ at }) => worlds.at(rootOf(at)).proving.stop(),
  } satisfies Partial<Handlers>;
}

function changeCalls({ worlds, t, questions, keepDrift, reviewLeft, whileStarting }: Options) {
  return {
    plan: async ({ goal }, host) => readOr(await worlds.planner(goal, host).plan(goal)),
    start: ({ plan, consents }) =>
      whileStarting(async (): Promise<StartResult> => {
        const changes = worlds.withPlan(plan);
        const result = changes.planOf(plan)?.result;
        const question = result?.kind === 'ready' ? startQuestion(result.plan, t()) : null;
        if (question && !(await questions.agreed(question))) return { kind: 'consent-missing' };
        return await changes.start(plan, consents);
      }),
    cancel: ({ run }) => worlds.changeOf(run).cancel(run),
    settle: ({ run, how }) => worlds.changeOf(run).settle(run, how),
    threeWay: async ({ run }) => readOr(await worlds.changeOf(run).threeWay(run)),
    keepDrift: ({ vm }) => keepDrift(vm),
    reviewLeft: ({ review }) => reviewLeft(review),
  } satisfies Partial<Handlers>;
}

function fileCalls({ store, t, window, mayOpen, logFolder, unwritten }: Options) {
  const saveAs = saving({ mayOpen, window });
  const ofPc = (host: HostId): string => diagnostics(store.state, versionsOf(store.state), host);
  let report: MadeReport | undefined;
  const made = (): MadeReport => {
    if (!report) throw new Error('no report was made');
    return report;
  };
  return {
    saveReport: ({ report: wanted }, host) =>
      saveAs(
        { title: t()('tray.saveReportTitle'), file: `hypernest-${wanted.kind}.txt`, kind: t()('tray.texts') },
        wanted.kind === 'diagnostics' ? ofPc(host) : wanted.text,
      ),
    problemReport: async (wish, host) => {
      const sources = { at: host, logFolder, unwritten: unwritten(), now: new Date(), ...wish };
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
    copyDiagnostics: (_, host) => clipboard.writeText(ofPc(host)),
  } satisfies Partial<Handlers>;
}

/** Where a VM is created from: looked for and chosen, never opened here. */
function foundCalls({ store, worlds, t, window, mayOpen }: Options) {
  return {
    findFiles: (asked, host) =>
      foundFiles(worlds.at(host).place, store.of(host).state.machine, worlds.at(host).connection, asked),
    pickFile: async ({ what }, host) => {
      // The dialog knows the files of this PC alone.
      if (!mayOpen() || store.of(host).state.source.kind !== 'this-pc') return { path: null };
      const name = t()(what === 'iso' ? 'create.isoFiles' : 'create.diskFiles');
      const options: OpenDialogOptions = { properties: ['openFile'], filters: [{ name, extensions: [what] }] };
      const owner = window();
      const { filePaths } = await (owner ? dialog.showOpenDialog(owner, options) : dialog.showOpenDialog(options));
      return { path: filePaths[0] ?? null };
    },
  } satisfies Partial<Handlers>;
}

function guestCalls({ worlds }: Options) {
  const guests = (at: VmRef) => worlds.at(rootOf(at)).guests;
  return {
    enter: (form) => worlds.at(rootOf(form.at)).enter(form),
    leave: ({ at }) => guests(at).leave(at),
    forgetAccount: ({ at }) => guests(at).forgetAccount(at),
    signInKept: ({ at }, host) => worlds.at(at ? rootOf(at) : host).guests.signInKept(at),
    lookInside: async ({ at }) => {
      await guests(at).look(at, { roles: true });
    },
  } satisfies Partial<Handlers>;
}

function systemCalls({ store, worlds, t, changeSettings, questions, mayOpen, about, update, logFolder }: Options) {
  /** A change on any PC is carried out from this one. */
  const isBusy = (): boolean => worlds.runs?.isBusy ?? false;
  const mayLeave = async (how: Leaving, host: HostId): Promise<boolean> => {
    // The window offers it for this PC alone.
    if (host !== thisPc) return false;
    const isSimulated = store.of(host).state.source.kind === 'simulated';
    return await questions.agreed(leavingQuestion(how, { isBusy: isBusy(), isSimulated }, t()));
  };
  return {
    connect: async ({ vm }) => ({ ok: mayOpen() && (await worlds.at(rootOf(vm)).place.connect(vm)) }),
    openTool: async ({ tool }, host) => {
      const file = worlds.at(host).place.fileOf?.(tool);
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
    actScript: ({ act }, host) => ({ text: worlds.at(host).script(act) }),
    act: async ({ act }, host) => (mayOpen() ? await worlds.at(host).act(act) : { kind: 'refused' }),
    signOut: async (_, host) => {
      if (!(await mayLeave('sign-out', host))) return;
      if (isBusy() || !(await worlds.at(host).signOut())) throw new Error('Windows did not sign out');
    },
    restart: async (_, host) => {
      if (!(await mayLeave('restart', host))) return;
      if (isBusy() || !(await worlds.at(host).restart())) throw new Error('Windows did not restart');
    },
    reconnect: (_, host) => worlds.at(host).connection.open(),
    settings: (patch) => changeSettings(patch),
    openLogFolder: async () => {
      if (!mayOpen()) return;
      const problem = await shell.openPath(logFolder);
      if (problem) throw new Error(problem);
    },
    dismissNotice: ({ kind }) => store.unsay(kind),
  } satisfies Partial<Handlers>;
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
