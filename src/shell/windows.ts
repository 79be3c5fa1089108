/** The one window. It is made when it is wanted and destroyed when it is closed: hidden it would keep all its memory. */
import path from 'node:path';
import { BrowserWindow, Menu, screen, session } from 'electron';
import type { AppEvent } from '../ipc/schema.js';
import { openingBounds, smallest } from './bounds.js';
import { appPage, mayRequest, servePage } from './page-server.js';
import type { Bounds } from './settings.js';

type Theme = 'light' | 'dark';

/** Of the title bar: --base and --text-1 of the window's tokens. */
const frame = {
  light: { color: '#eef2f3', symbolColor: '#15191b' },
  dark: { color: '#191e20', symbolColor: '#f4f7f8' },
} as const;
/** --titlebar, as high as the page draws it. */
const overlayOf = (theme: Theme, zoom: number) => ({ ...frame[theme], height: Math.round(40 * (zoom / 100)) });
const pageColor = { light: '#f8fafa', dark: '#212729' } as const;

interface Options {
  /** The folder of what was built: holds renderer/ and preload/. */
  readonly built: string;
  readonly icon: string;
  /** Vite's server while developing; undefined in a built app. */
  readonly development: string | undefined;
  readonly title: string;
  readonly theme: () => Theme;
  /** In per cent. */
  readonly zoom: () => number;
  readonly saved: () => Bounds | undefined;
  readonly remember: (bounds: Bounds) => void;
  readonly send: (window: BrowserWindow, event: AppEvent) => void;
  /** Somebody can see it, or nobody can any more. */
  readonly visibleChanged: (isVisible: boolean) => void;
  readonly closed: () => void;
  /** Its page has ended by itself. */
  readonly pageEnded: () => void;
  /** Windows ends the sign-in, and asks this window. */
  readonly heed: (window: BrowserWindow) => void;
  /** A person has clicked, touched or pressed a key in it. Told by the system, not by the page. */
  readonly used: () => void;
  readonly failed: (what: string) => void;
}

/** What a person does on purpose: a mouse that moves over the window is none of it. */
const presses: ReadonlySet<string> = new Set(['mouseDown', 'touchStart', 'gestureTap', 'rawKeyDown', 'keyDown']);

/** Once, when the app is ready: our files, no other request, no permission. */
export function guardSession(built: string, development: string | undefined): void {
  const own = session.defaultSession;
  const folder = path.join(built, 'renderer');
  own.protocol.handle('app', (request) => servePage(request.url, folder));
  own.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayRequest(details.url, development) }));
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setSpellCheckerEnabled(false); // would fetch dictionaries
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
}

export class MainWindow {
  #window: BrowserWindow | undefined;
  /** It goes on screen when it has something to show, unless it was closed by then. */
  #isWanted = false;
  #isReady = false;
  /** What is said before the page listens. */
  #waiting: AppEvent[] = [];

  constructor(private readonly options: Options) {}

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** On screen and in front: somebody looks at it. Behind another window, minimized or closed, nobody does. */
  get isLookedAt(): boolean {
    const window = this.#window;
    return window !== undefined && window.isVisible() && !window.isMinimized() && window.isFocused();
  }

  /** Brings it to the front; `event` is told as soon as it can hear. */
  show(event?: AppEvent): void {
    this.#isWanted = true;
    if (event) this.#tell(event);
    if (!this.#window) {
      this.#window = this.#create();
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  /** The page has asked for the state: from now on it hears what is said. */
  listens(): void {
    this.#isReady = true;
    for (const event of this.#waiting.splice(0)) this.send(event);
  }

  /** To the window, if there is one. What it misses it reads with its first call. */
  send(event: AppEvent): void {
    if (this.#window && this.#isReady) this.options.send(this.#window, event);
  }

  close(): void {
    this.#window?.close();
  }

  /** A page that has ended does not answer to being closed. */
  end(): void {
    this.#window?.destroy();
  }

  /** The page anew, in the same window. Not within the event that says that it ended: its process is not gone yet. */
  reload(): void {
    setImmediate(() => this.#window?.reload());
  }

  /** Windows shows the title of the window that holds it up; undefined: the usual one. */
  say(title: string | undefined): void {
    this.#window?.setTitle(title ?? this.options.title);
  }

  showTheme(): void {
    const theme = this.options.theme();
    this.#window?.setBackgroundColor(pageColor[theme]);
    if (process.platform === 'win32') this.#window?.setTitleBarOverlay(overlayOf(theme, this.options.zoom()));
  }

  showZoom(): void {
    this.#window?.webContents.setZoomFactor(this.options.zoom() / 100);
    this.showTheme();
  }

  #tell(event: AppEvent): void {
    if (this.#isReady) this.send(event);
    else this.#waiting.push(event);
  }

  #create(): BrowserWindow {
    const theme = this.options.theme();
    const saved = this.options.saved();
    const isWindows = process.platform === 'win32';
    const window = new BrowserWindow({
      ...openingBounds(
        saved,
        [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea),
      ),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      title: this.options.title,
      backgroundColor: pageColor[theme],
      icon: this.options.icon,
      ...(isWindows ? { titleBarStyle: 'hidden', titleBarOverlay: overlayOf(theme, this.options.zoom()) } : {}),
      webPreferences: {
        preload: path.join(this.options.built, 'preload', 'index.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        v8CacheOptions: 'bypassHeatCheck',
        zoomFactor: this.options.zoom() / 100,
      },
    });
    this.#watch(window);
    void window
      .loadURL(this.options.development ?? appPage)
      .catch((error: unknown) => this.options.failed(String(error)));
    if (saved?.maximized) window.once('show', () => window.maximize());
    return window;
  }

  #watch(window: BrowserWindow): void {
    const contents = window.webContents;
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('input-event', (_event, { type }) => {
      if (presses.has(type)) this.options.used();
    });
    // The app has no menu, so Electron's own keys for this are gone.
    if (this.options.development !== undefined)
      contents.on('before-input-event', (_event, { type, key, control, shift }) => {
        if (type === 'keyDown' && (key === 'F12' || (control && shift && key.toLowerCase() === 'i')))
          contents.toggleDevTools();
      });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#isReady = false;
    });
    // Chromium keeps a zoom of its own for the address.
    contents.on('did-navigate', () => contents.setZoomFactor(this.options.zoom() / 100));
    contents.on('render-process-gone', (_event, { reason }) => {
      this.options.failed(`the page ended: ${reason}`);
      if (reason !== 'clean-exit') this.options.pageEnded();
    });
    this.options.heed(window);
    window.once('ready-to-show', () => {
      if (this.#isWanted) window.show();
    });
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', () => {
      this.#isWanted = false;
      this.options.remember({ ...window.getNormalBounds(), maximized: window.isMaximized() });
    });
    window.once('closed', () => {
      this.#window = undefined;
      this.#isReady = false;
      this.#waiting = [];
      this.options.visibleChanged(false);
      this.options.closed();
    });
    const look = (): void => this.options.visibleChanged(window.isVisible() && !window.isMinimized());
    window.on('show', look);
    window.on('hide', look);
    window.on('minimize', look);
    window.on('restore', look);
  }
}
