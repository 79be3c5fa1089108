/** What is done when the app cannot start: it is said, and the app ends, so that starting it again is not in vain. */
import { app, dialog } from 'electron';
import type { Translator } from '../text/index.js';

export async function sayNotStarted(error: unknown, t: Translator): Promise<void> {
  app.releaseSingleInstanceLock();
  const words = [t('tray.notStartedTitle'), t('tray.notStartedDetail', { error: String(error) })] as const;
  try {
    if (app.isReady())
      await dialog.showMessageBox({
        type: 'error',
        title: t('app.name'),
        message: words[0],
        detail: words[1],
        buttons: [t('tray.crashQuit')],
      });
    else dialog.showErrorBox(...words);
  } finally {
    app.exit(1);
  }
}
