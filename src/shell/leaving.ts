/** How the app ends: asked about while a run is under way, in order otherwise, and said when it was a fault of its own. */
import { app, dialog } from 'electron';
import type { Translator } from '../text/index.js';
import type { World } from './world.js';

interface Options {
  readonly world: () => World | undefined;
  readonly t: () => Translator;
  readonly failed: (what: string, error: unknown) => void;
}

/** Quitting closes the session first; in the middle of a run it asks. */
export function leaveInOrder({ world, t, failed }: Options): void {
  let state: 'staying' | 'leaving' | 'left' = 'staying';
  app.on('before-quit', (event) => {
    if (state === 'left') return;
    event.preventDefault();
    if (state === 'staying') void leave();
  });

  async function leave(): Promise<void> {
    state = 'leaving';
    const busy = world()?.runs.busyVms.size ?? 0;
    if (busy > 0) {
      if (!(await mayLeaveRun(t(), busy))) {
        state = 'staying';
        return;
      }
      // At once: a session closed in order would be written down as the end of the run, and nothing could be finished.
      if (world()?.runs.isBusy) return app.exit(0);
    }
    await world()
      ?.close()
      .catch((error: unknown) => failed('closing', error));
    state = 'left';
    app.quit();
  }
}

async function mayLeaveRun(t: Translator, count: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: t('app.name'),
    message: t('tray.quitTitle'),
    detail: t('tray.quitDetail', { count }),
    buttons: [t('tray.quitStay'), t('tray.quitAnyway')],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

/** A fault of ours is written down and said. The journal is on the disk already, up to the last step. */
export function sayFaults({ t, failed }: Omit<Options, 'world'>): void {
  let isSaid = false;
  process.on('unhandledRejection', (reason) => failed('unhandled', reason));
  process.on('uncaughtException', (error) => {
    failed('uncaught', error);
    if (isSaid) return;
    isSaid = true;
    void dialog
      .showMessageBox({
        type: 'error',
        title: t()('app.name'),
        message: t()('tray.crashTitle'),
        detail: t()('tray.crashDetail'),
        buttons: [t()('tray.crashRestart'), t()('tray.crashQuit')],
        defaultId: 0,
      })
      .then(({ response }) => {
        if (response === 0) app.relaunch();
        app.exit(1);
      });
  });
}
