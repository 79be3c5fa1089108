/** Restarting and signing out: main asks before it does either, the page only says when Windows did not. */
import { api } from '../api.js';
import { t } from './app.svelte.js';
import { toasts } from './toasts.svelte.js';

export const restart = (): Promise<void> =>
  api.restart().catch(() => toasts.say({ verdict: 'warning', text: t('rights.restartFailed') }));

export const signOut = (): Promise<void> =>
  api.signOut().catch(() => toasts.say({ verdict: 'warning', text: t('rights.signOutFailed') }));
