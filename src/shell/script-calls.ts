/** What the window copies and saves of a plan: its PowerShell, and a WinGet configuration. Of a plan of several PCs the part of one of them. */
import { rootOf, type HostId, type MachineRef } from '../core/cmdlets/ref.js';
import { clipboard, type BrowserWindow } from 'electron';
import { configurationOf } from '../core/change/configuration.js';
import { renderPlan, toScript } from '../core/change/script.js';
import { boundTo, scriptOn } from '../core/change/span.js';
import type { Plan } from '../core/change/step.js';
import { pcOf } from '../core/run/joint.js';
import { carriedOut } from '../core/run/progress.js';
import type { Handlers } from '../ipc/main.js';
import type { HostState, RequestOf, ShownPlan } from '../ipc/schema.js';
import { shown, type Translator } from '../text/index.js';
import type { AppStore } from './app-state.js';
import { saving } from './save-as.js';

type Asked = RequestOf<'saveScript'>;

interface Options {
  readonly store: AppStore;
  readonly worlds: { readonly withPlan: (plan: string) => { planOf(id: string): ShownPlan | undefined } };
  readonly t: () => Translator;
  readonly window: () => BrowserWindow | undefined;
  readonly mayOpen: () => boolean;
}

export function scriptCalls({ store, worlds, t, window, mayOpen }: Options) {
  const shownOf = (plan: string) => worlds.withPlan(plan).planOf(plan);
  /** The computer name of the only PC that it is for. undefined: there is no other. */
  const onlyFor = (of: HostId | undefined, refs: readonly MachineRef[]): string | undefined => {
    const pc = boundTo(refs, store.state, of);
    if (pc === undefined) return undefined;
    const name = store.of(pc).state.machine?.host.name;
    if (!name) throw new Error('the name of the PC that it is for is not known');
    return name;
  };
  /** Carried out already, maybe long ago: the journal has it. */
  const carriedOutAs = (plan: string, of: HostId | undefined): Pick<Plan, 'chains'> | undefined => {
    const all = [store.state, ...Object.values(store.state.others)].flatMap(({ runs }) => runs);
    const run = all.find(
      (record) =>
        record.plan.id === plan ||
        (record.span?.id === plan && (of === undefined ? record.span.parts === 1 : pcOf(record) === of)),
    );
    return run && carriedOut(run);
  };
  /** The whole script of a plan, or that of one of its PCs: it runs on no other. */
  const scriptOf = ({ plan, which, of }: Asked): { readonly text: string; readonly pc: string | undefined } => {
    const shown = shownOf(plan);
    const run = shown ? undefined : carriedOutAs(plan, of);
    const all = shown ? (which === 'run' ? shown.script : shown.undoScript) : which === 'run' && run ? renderPlan(run) : []; // prettier-ignore
    const parts = of === undefined ? all : scriptOn(all, of);
    const pc = onlyFor(of, parts.map(({ at }) => at)); // prettier-ignore
    return { text: toScript(parts, pc), pc };
  };
  /** Called by its PC, where there are several. */
  const fileFor = (pc: string | undefined, extension: string): string => {
    const name = pc?.replace(/[^A-Za-z0-9-]/g, '');
    return `hypernest${name ? `-${name}` : ''}.${extension}`;
  };
  const saveAs = saving({ mayOpen, window });
  return {
    copyScript: (asked) => clipboard.writeText(scriptOf(asked).text),
    saveScript: async (asked) => {
      const { text, pc } = scriptOf(asked);
      const what = { title: t()('tray.saveTitle'), file: fileFor(pc, 'ps1'), kind: t()('tray.scripts') };
      // With a mark, or Windows PowerShell 5.1 reads what is not ASCII in the code page of the system.
      return await saveAs(what, `\uFEFF${text}`);
    },
    saveConfiguration: async ({ plan, of }, host) => {
      const result = shownOf(plan)?.result;
      const all = result?.kind === 'ready' ? result.plan : carriedOutAs(plan, of);
      const known = all && of !== undefined ? { chains: all.chains.filter(({ vm }) => rootOf(vm) === of) } : all;
      const pc = onlyFor(of, known?.chains.map(({ vm }) => vm) ?? []);
      const text = await configurationText(known, store.of(of ?? host).state, pc);
      const kind = t()('tray.configurations');
      return await saveAs({ title: t()('tray.saveConfigurationTitle'), file: fileFor(pc, 'winget'), kind }, text);
    },
  } satisfies Partial<Handlers>;
}

async function configurationText(
  plan: Pick<Plan, 'chains'> | undefined,
  { machine }: HostState,
  pc: string | undefined,
): Promise<string> {
  const document = plan && configurationOf(plan, machine?.host.windows?.server ?? false, shown, pc);
  if (!document) throw new Error('no configuration can be made of it');
  const { stringify } = await import('yaml');
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}
