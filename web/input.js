// Listens to pointer, fingers, keys, clipboard, dropped files and the size of the canvas, and passes on what concerns
// the window (web/input.cpp). Keys work on the rest of the page as everywhere; Tab goes through the window's own
// controls, and on behind the last one. Escape, then Tab, leaves at once.
'use strict';

(function () {
  const canvas = document.getElementById('canvas');
  const typing = document.getElementById('typing');
  const move = 0, down = 1, up = 2, leave = 3;
  const left = 0, right = 1;
  const long_press_ms = 500;
  const slop_css = 8;
  const zoom_step = Math.log(1.12);  // of one notch of the wheel, as the window zooms
  const link_longest = 20000;        // anything longer is refused anyway; less need not be copied
  const file_longest = 256 * 1024;

  const string_call = (name, ...strings) =>
    Module.ccall('page_' + name, 'number', strings.map(() => 'string'), strings);

  netsplit.open_link = (text) => !!string_call('open_link', text.slice(0, link_longest));
  netsplit.open_scenario = (id) => !!string_call('open_scenario', id.slice(0, 100));
  netsplit.command = (name, argument = '') => void string_call('command', name, String(argument));
  netsplit.set_cursor = (name) => { canvas.style.cursor = name; };

  netsplit.open_file = async function (file) {
    if (file.size > file_longest) {
      return netsplit.say(netsplit.words('too_large', file.name, Math.ceil(file.size / 1024), file_longest / 1024));
    }
    string_call('open_file', await file.text(), file.name.slice(0, 200));
  };

  // --- Mouse and pen --------------------------------------------------------------------------------------------
  // A browser reports the first button as a press and further ones as moves; what is held tells both.
  let held = 0;
  const buttons = [[1, left], [2, right], [4, 2]];

  function mouse(event) {
    Module._page_pointer(move, event.clientX, event.clientY, 0, 0);
    for (const [bit, button] of buttons) {
      if ((event.buttons & bit) === (held & bit)) continue;
      const pressed = !!(event.buttons & bit);
      Module._page_pointer(pressed ? down : up, event.clientX, event.clientY, button, 0);
    }
    const released = held & ~event.buttons;
    held = event.buttons;
    if (released) Module._page_flush();
  }

  // --- Fingers --------------------------------------------------------------------------------------------------
  // One finger is the left button, held long the right one; two fingers zoom. On a device whose main pointer is the
  // finger, the window itself knows of long presses.
  const long_press_is_ours = !matchMedia('(pointer: coarse)').matches;
  const fingers = new Map();
  let gesture = 'none';  // 'press', 'long', 'pinch'
  let timer = 0;
  let start = null;

  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.hypot(a.x - b.x, a.y - b.y) };
  };

  function long_press() {
    gesture = 'long';
    Module._page_cancel_press();
    Module._page_pointer(move, start.x, start.y, 0, 0);
    Module._page_pointer(down, start.x, start.y, right, 0);
    Module._page_pointer(up, start.x, start.y, right, 0);
  }

  function finger_down(event) {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    clearTimeout(timer);
    if (fingers.size === 1) {
      gesture = 'press';
      start = { x: event.clientX, y: event.clientY };
      if (long_press_is_ours) timer = setTimeout(long_press, long_press_ms);
      Module._page_pointer(down, start.x, start.y, left, 1);
    } else if (fingers.size === 2) {
      if (gesture === 'press') Module._page_cancel_press();
      gesture = 'pinch';
    }
  }

  function finger_move(event) {
    if (!fingers.has(event.pointerId)) return;
    const before = gesture === 'pinch' && fingers.size === 2 ? spread() : null;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (gesture === 'press') {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > slop_css) clearTimeout(timer);
      Module._page_pointer(move, event.clientX, event.clientY, 0, 1);
    } else if (before) {
      const now = spread();
      if (before.distance < 1 || now.distance < 1) return;
      Module._page_pointer(move, now.x, now.y, 0, 0);
      Module._page_wheel(0, Math.log(now.distance / before.distance) / zoom_step);
    }
  }

  function finger_up(event, cancelled) {
    if (!fingers.delete(event.pointerId)) return;
    clearTimeout(timer);
    if (gesture === 'press') {
      if (cancelled) Module._page_cancel_press();
      else Module._page_pointer(up, event.clientX, event.clientY, left, 1);
      Module._page_flush();
      // A phone shows its keyboard only for an element of the page, and only when asked within the gesture.
      if (Module._page_wants_text()) typing.focus({ preventScroll: true });
      else if (document.activeElement === typing) canvas.focus({ preventScroll: true });
    }
    if (fingers.size === 0) {
      if (gesture === 'pinch') Module._page_pointer(leave, 0, 0, 0, 0);
      gesture = 'none';
    }
  }

  function listen_to_pointers() {
    canvas.addEventListener('pointerdown', (event) => {
      if (document.activeElement !== typing) canvas.focus({ preventScroll: true });
      // What is dragged out of the window comes back to us.
      try { canvas.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
      if (event.pointerType === 'touch') finger_down(event);
      else mouse(event);
    });
    canvas.addEventListener('pointermove', (event) => event.pointerType === 'touch' ? finger_move(event) : mouse(event));
    canvas.addEventListener('pointerup', (event) => event.pointerType === 'touch' ? finger_up(event, false) : mouse(event));
    canvas.addEventListener('pointercancel', (event) => {
      if (event.pointerType === 'touch') return finger_up(event, true);
      held = 0;
      Module._page_cancel_press();
    });
    canvas.addEventListener('pointerleave', (event) => {
      if (event.pointerType !== 'touch') Module._page_pointer(leave, 0, 0, 0, 0);
    });
    canvas.addEventListener('mousedown', (event) => event.preventDefault());  // no selecting, no scrolling wheel button
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      // In notches: 100 pixels or 3 lines make one. A pinch on a touch pad comes as a wheel with Control held.
      const notch = event.ctrlKey ? 100 * zoom_step : [100, 3, 1][event.deltaMode];
      Module._page_pointer(move, event.clientX, event.clientY, 0, 0);
      Module._page_wheel(-event.deltaX / notch, -event.deltaY / notch);
    }, { passive: false });
  }

  // --- Keys -----------------------------------------------------------------------------------------------------
  const ours = () => [canvas, typing, document.body, null].includes(document.activeElement);
  const scrolls = new Set(['Space', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home',
    'End', 'Backspace', 'Slash', 'Quote']);  // the last two open a search in Firefox
  const editing = new Set(['a', 'c', 'x', 'y', 'z', 'k']);
  const shortcuts = new Set(['e', 'k', 'o', 's', 'y', 'z']);
  let escaped = false;  // the last key was Escape

  function send_key(event, pressed) {
    const modifiers = event.ctrlKey | event.shiftKey << 1 | event.altKey << 2 | event.metaKey << 3;
    Module.ccall('page_key', null, ['string', 'string', 'number', 'number'], [event.key, event.code, pressed, modifiers]);
  }

  function key_down(event) {
    const leaving = escaped;
    escaped = event.key === 'Escape';
    if (!ours() || event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Tab') {
      if (leaving || event.ctrlKey || event.altKey || event.metaKey) return;
      if (Module._page_tab(event.shiftKey ? 1 : 0)) event.preventDefault();
      return;
    }
    const altgr = event.getModifierState('AltGraph');
    const combined = (event.ctrlKey || event.metaKey) && !altgr;
    const is_modifier = ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key);
    if (combined && !is_modifier) {
      // The browser's own shortcuts stay the browser's; in a text field the usual ones edit.
      const wanted = Module._page_wants_text() ? editing : shortcuts;
      if (!wanted.has(event.key.toLowerCase())) return;
      event.preventDefault();
      send_key(event, 1);
      send_key(event, 0);  // macOS never tells of the release of a key that was pressed with Command
      return;
    }
    if (event.altKey && !altgr && !is_modifier) return;
    if (scrolls.has(event.code) && document.activeElement !== typing) event.preventDefault();
    send_key(event, 1);
    const is_text = [...event.key].length === 1;
    if (is_text && document.activeElement !== typing) string_call('text', event.key);
  }

  function listen_to_keys() {
    addEventListener('keydown', key_down);
    addEventListener('keyup', (event) => { if (event.key !== 'Tab') send_key(event, 0); });
    canvas.addEventListener('focus', () => Module._page_focus(1));
    canvas.addEventListener('blur', (event) => { if (event.relatedTarget !== typing) Module._page_focus(0); });
    // The field holds one letter, so that even Backspace is an event.
    const refill = () => { typing.value = 'x'; };
    typing.addEventListener('focus', refill);
    typing.addEventListener('blur', () => Module._page_focus(0));
    typing.addEventListener('input', (event) => {
      if (event.isComposing) return;
      if (event.inputType === 'deleteContentBackward') {
        for (const pressed of [1, 0]) send_key({ key: 'Backspace', code: 'Backspace' }, pressed);
      } else if (event.data) {
        string_call('text', event.data);
      }
      refill();
    });
    typing.addEventListener('compositionend', (event) => {
      if (event.data) string_call('text', event.data);
      refill();
    });
    addEventListener('paste', (event) => {
      if (!ours()) return;
      const text = event.clipboardData.getData('text/plain').trim();
      event.preventDefault();
      if (Module._page_wants_text()) string_call('paste', text.slice(0, 10000));
      else if (/(^|#)v\d+\./.test(text)) netsplit.open_link(text);
      else if (text.startsWith('{')) netsplit.open_file(new File([text], netsplit.words('pasted')));
    });
  }

  // --- Files ----------------------------------------------------------------------------------------------------
  function listen_to_files() {
    const dropping = (on) => document.body.classList.toggle('dropping', on);
    addEventListener('dragover', (event) => {
      if (![...event.dataTransfer.types].includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      dropping(true);
    });
    addEventListener('dragleave', (event) => { if (!event.relatedTarget) dropping(false); });
    addEventListener('drop', (event) => {
      dropping(false);
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      netsplit.open_file(event.dataTransfer.files[0]);
    });
  }

  // --- Size and density -----------------------------------------------------------------------------------------
  function listen_to_size() {
    const resize = (width, height) => Module._page_resize(Math.round(width), Math.round(height), devicePixelRatio);
    const observer = new ResizeObserver(([entry]) => {
      const exact = entry.devicePixelContentBoxSize && entry.devicePixelContentBoxSize[0];
      const width = entry.contentRect.width * devicePixelRatio;
      const height = entry.contentRect.height * devicePixelRatio;
      // The exact size saves blurring by a rounded pixel; while a browser plays another device it is plainly wrong.
      if (exact && Math.abs(exact.inlineSize - width) < 2) resize(exact.inlineSize, exact.blockSize);
      else resize(width, height);
    });
    try {
      observer.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(canvas);
      // Another density with the same size in CSS pixels is no resize to this browser.
      const watch_density = () => matchMedia('(resolution: ' + devicePixelRatio + 'dppx)').addEventListener('change', () => {
        resize(canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio);
        watch_density();
      }, { once: true });
      watch_density();
    }
  }

  function listen_to_context() {
    let lost = 0;
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();  // or it would never come back
      Module._page_context(1);
      lost = setTimeout(() => netsplit.say(netsplit.words('graphics_lost')), 1500);
    });
    canvas.addEventListener('webglcontextrestored', () => {
      clearTimeout(lost);
      netsplit.say('');
      Module._page_context(0);
    });
  }

  netsplit.listen = function () {
    listen_to_pointers();
    listen_to_keys();
    listen_to_files();
    listen_to_size();
    listen_to_context();
    // A ring shows who comes by keyboard where they are; a window full of picture needs none on arrival.
    let by_tab = false;
    addEventListener('keydown', (event) => { by_tab = event.key === 'Tab' || event.key === 'Escape'; }, true);
    addEventListener('pointerdown', () => { by_tab = false; }, true);
    canvas.addEventListener('focus', () => canvas.classList.toggle('reached', by_tab));
    canvas.addEventListener('blur', () => canvas.classList.remove('reached'));
    if (ours()) canvas.focus({ preventScroll: true });
  };
})();
