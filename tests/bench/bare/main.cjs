// The least an Electron app with a tray can be: what Hypernest is measured against.
const path = require('node:path');
const { app, Menu, nativeImage, Tray } = require('electron');
app.whenReady().then(() => {
  const icon = path.join(__dirname, '..', '..', '..', 'assets', 'tray-ready-light-20.png');
  globalThis.tray = new Tray(nativeImage.createFromPath(icon));
  globalThis.tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', role: 'quit' }]));
});
app.on('window-all-closed', () => {});
