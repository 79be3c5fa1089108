/** The keys of the window, as Windows has them everywhere. What a list, a field or a dialog does with its own keys comes first. */
import { api } from '../api.js';
import { app } from './app.svelte.js';
import { refresh } from './refresh.js';
import { route } from './route.svelte.js';
import { zoomAfter } from './zoom.js';

/** Alt and left, the key for it, or the button of the mouse. */
const isBack = (event: KeyboardEvent | MouseEvent): boolean =>
  'key' in event
    ? event.key === 'BrowserBack' || (event.altKey && !event.ctrlKey && !event.shiftKey && event.key === 'ArrowLeft')
    : event.button === 3;

/** Something lies over the page, and has its own keys. */
export const isCovered = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/** What is left with care has keys of its own: a wizard in Leave.svelte, the page before the prompt in Elevate.svelte. */
const hasOwnKeys = (): boolean => ['wizard', 'run', 'undo', 'elevate'].includes(route.now.page);

/** Nobody writes anything but what is looked for in the list. */
const isWriting = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.matches('input, textarea') && !target.closest('.list');

export function pressInWindow(event: KeyboardEvent): void {
  const act = actOf(event);
  if (event.defaultPrevented || !act) return;
  event.preventDefault();
  act();
}

/** Taken before the page hears it: a tab or a choice with the focus goes by the arrow, whatever key is held with it. */
export const takeBack =
  (back: () => void) =>
  (event: KeyboardEvent | MouseEvent): void => {
    if (event.defaultPrevented || !isBack(event) || isCovered()) return;
    event.preventDefault();
    event.stopPropagation();
    back();
  };

const goBack = takeBack(() => route.back());

export function backInWindow(event: KeyboardEvent | MouseEvent): void {
  if (!hasOwnKeys()) goBack(event);
}

function actOf(event: KeyboardEvent): (() => void) | undefined {
  const { key, altKey, shiftKey } = event;
  const isControl = event.ctrlKey && !altKey;
  const zoom = isControl ? zoomAfter(app.state?.settings.zoom ?? 100, key) : undefined;
  if (zoom !== undefined) return () => void api.settings({ zoom });
  if (isCovered()) return undefined;
  if (key === 'F5' && !event.ctrlKey && !altKey && !shiftKey) return () => void refresh();
  if (hasOwnKeys()) return undefined;
  if (isControl && !shiftKey && key.toLowerCase() === 'f') return isWriting(event) ? undefined : () => route.find();
  return isControl && key === ',' ? () => route.go({ page: 'settings' }) : undefined;
}
