/** The icon in the notification area, and its menu. What they show is decided by tray-menu.ts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import type { TrayState } from '../core/machine/access.js';
import { MenuKeeper } from './menu-keeper.js';
import type { TrayCommand, TrayItem } from './tray-menu.js';

const sizes = [16, 20, 24, 28, 32, 36, 40, 48, 64] as const;

interface Shown {
  readonly icon: TrayState;
  /** Asked for when a menu is made: of hundreds of VMs that is work. */
  readonly menu: () => readonly TrayItem[];
  readonly tooltip: string;
}

/**
 * For a light or a dark task bar, whose colour Windows tells apart from that of apps. Windows takes the size that it wants from an
 * .ico, by its path; of pictures that come as data it would scale the smallest.
 */
export function iconFiles(state: TrayState, isDark: boolean, platform: NodeJS.Platform): string | readonly IconFile[] {
  const name = `tray-${state}-${isDark ? 'dark' : 'light'}`;
  return platform === 'win32' ? `${name}.ico` : sizes.map((size) => ({ size, file: `${name}-${size}.png` }));
}
interface IconFile {
  readonly size: number;
  readonly file: string;
}

export class AppTray {
  readonly #tray: Tray;
  readonly #images = new Map<string, NativeImage>();
  #shown: Shown;
  /** Linux shows what was changed only when the menu is set again. */
  readonly #kept = new MenuKeeper((items) => {
    this.#menu = this.#build(items);
    this.#tray.setContextMenu(this.#menu);
  });
  /** Kept: a menu that is collected while it is open takes the app down. */
  #menu: ReturnType<typeof Menu.buildFromTemplate> | undefined;

  constructor(
    first: Shown,
    private readonly options: {
      readonly assets: string;
      readonly command: (command: TrayCommand) => void;
    },
  ) {
    this.#shown = first;
    this.#tray = new Tray(this.#image());
    this.#tray.on('click', () => options.command({ kind: 'show' }));
    // Made when it is opened, where that can be done: then a change costs nothing, and it is never stale.
    if (opensOnDemand) this.#tray.on('right-click', () => this.#popUp());
    nativeTheme.on('updated', () => this.#tray.setImage(this.#image()));
    this.#showTip();
    this.#showMenu();
  }

  show(shown: Shown): void {
    const { icon, tooltip } = this.#shown;
    this.#shown = shown;
    if (icon !== shown.icon) this.#tray.setImage(this.#image());
    if (tooltip !== shown.tooltip) this.#showTip();
    this.#showMenu();
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #showTip(): void {
    this.#tray.setToolTip(this.#shown.tooltip.slice(0, 127)); // Windows cuts there, in the middle of anything
  }

  #showMenu(): void {
    if (!opensOnDemand) this.#kept.show(this.#shown.menu());
  }

  #popUp(): void {
    this.#menu = this.#build(this.#shown.menu());
    this.#tray.popUpContextMenu(this.#menu);
  }

  #build(items: readonly TrayItem[]): ReturnType<typeof Menu.buildFromTemplate> {
    return Menu.buildFromTemplate(items.map((item) => this.#option(item)));
  }

  #option({ id, type, label, checked, enabled, command, submenu }: TrayItem): MenuItemConstructorOptions {
    return {
      id,
      type,
      ...(label === undefined ? {} : { label }),
      ...(checked === undefined ? {} : { checked }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(submenu ? { submenu: submenu.map((item) => this.#option(item)) } : {}),
      ...(command ? { click: () => this.#click(command, type) } : {}),
    };
  }

  #click(command: TrayCommand, type: TrayItem['type']): void {
    // A click has turned the tick already; it is set back until the value was read again.
    if (type === 'checkbox' && !opensOnDemand) {
      this.#kept.forget();
      this.#showMenu();
    }
    this.options.command(command);
  }

  #image(): NativeImage {
    const isDark = nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
    const key = `${this.#shown.icon}-${isDark}`;
    const known = this.#images.get(key);
    if (known) return known;
    const files = iconFiles(this.#shown.icon, isDark, process.platform);
    const image = typeof files === 'string' ? nativeImage.createFromPath(this.#asset(files)) : this.#scaled(files);
    this.#images.set(key, image);
    return image;
  }

  #scaled(files: readonly IconFile[]): NativeImage {
    const image = nativeImage.createEmpty();
    for (const { size, file } of files)
      image.addRepresentation({
        scaleFactor: size / 16,
        width: size,
        height: size,
        buffer: readFileSync(this.#asset(file)),
      });
    return image;
  }

  readonly #asset = (file: string): string => path.join(this.options.assets, file);
}

const opensOnDemand = process.platform === 'win32' || process.platform === 'darwin';
