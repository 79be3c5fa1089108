// Loaded by `electron -r` before an app that is measured: says on stdout, as lines of JSON, when something has happened.
const { app, Tray } = require('electron');
const v8 = require('node:v8');
const say = (what, more = {}) => process.stdout.write(`\nPROBE ${JSON.stringify({ what, at: Date.now(), ...more })}\n`);

const setContextMenu = Tray.prototype.setContextMenu;
let hasTray = false;
Tray.prototype.setContextMenu = function (menu) {
  setContextMenu.call(this, menu);
  say(hasTray ? 'menu' : 'tray');
  hasTray = true;
};

app.on('web-contents-created', (_event, contents) => {
  const send = contents.send;
  contents.send = function (channel, ...values) {
    say('sent', { channel, bytes: v8.serialize(values).length, kind: values[0]?.kind });
    return send.call(this, channel, ...values);
  };
  contents.on('dom-ready', () => {
    // A list of machines is there as soon as its first row is.
    const rows = `new Promise((resolve) => {
      const look = () => document.querySelector('[role="option"]') ? resolve(true) : requestAnimationFrame(look);
      look();
    })`;
    contents.executeJavaScript(rows).then(
      () => say('rows'),
      () => {},
    );
  });
});

// Orders come as lines on stdin: an expression of main's world.
let rest = '';
process.stdin.on('data', async (text) => {
  const lines = (rest + String(text)).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const { BrowserWindow } = require('electron');
    const [window] = BrowserWindow.getAllWindows();
    if (line === 'close') for (const one of BrowserWindow.getAllWindows()) one.close();
    else if (line === 'wheel') {
      // Over the middle of the list.
      const { height } = window.getContentBounds();
      window.webContents.sendInputEvent({ type: 'mouseWheel', x: 160, y: height / 2, deltaX: 0, deltaY: -120 });
    } else if (line === 'quit') app.exit(0);
    else if (window) say('answer', { value: await window.webContents.executeJavaScript(line) });
  }
});
