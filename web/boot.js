// Starts the page: looks whether the browser can run Netsplit, loads the program and shows how far it is, and says in a
// sentence what is wrong when it cannot be shown. Nothing here asks any host but the page's own.
'use strict';

// What the page offers to its own console: running, mirror(), command(name, argument), frames().
var netsplit = { running: false };
var Module = {};

(function () {
  const by_id = (id) => document.getElementById(id);
  const self = document.currentScript;
  // The version in this script's own address goes on to the program, so that a cache never mixes two builds.
  const version = netsplit.version = new URL(self.src).search;
  const total = Number(self.dataset.wasmBytes) || 0;
  let over = false;  // failed, for good
  let covered = true;

  netsplit.fail = function (sentence, remedy) {
    if (over) return;
    over = true;
    by_id('failure').textContent = sentence;
    by_id('remedy').textContent = remedy;
    by_id('wait').hidden = true;
    by_id('failed').hidden = false;
    by_id('mirror').hidden = true;
    by_id('cover').classList.remove('done');
    document.body.classList.add('failed');
    by_id('again').focus();
  };

  netsplit.no_webgl = () => netsplit.fail(
    'Netsplit draws with WebGL2, and this browser does not offer it.',
    'Any current Firefox, Chrome, Edge or Safari does, if graphics acceleration is switched on in its settings.');

  netsplit.uncover = function () {
    if (over || !covered) return;
    covered = false;
    netsplit.running = true;
    by_id('cover').classList.add('done');
  };

  // What brings the program down while it runs. The run itself is kept in the address.
  function stopped(reason) {
    netsplit.fail('Netsplit has stopped because of a fault of its own.',
      'Trying again opens the run that stands in the address. ' + (reason ? 'The fault: ' + String(reason).slice(0, 160) + '.' : ''));
  }

  function show_progress(received) {
    const kilobytes = (bytes) => Math.round(bytes / 1000).toLocaleString('en');
    if (total) by_id('progress').value = Math.min(1, received / total);
    else by_id('progress').removeAttribute('value');
    by_id('loading').textContent =
      total ? kilobytes(Math.min(received, total)) + ' of ' + kilobytes(total) + ' kB' : kilobytes(received) + ' kB';
  }

  // Not compiled while it arrives: that needs the right type from every host, and is over in a blink anyway.
  async function load_program() {
    const response = await fetch('netsplit.wasm' + version, { credentials: 'same-origin' });
    if (!response.ok) throw new Error('the server answered ' + response.status);
    if (!response.body) return WebAssembly.compile(await response.arrayBuffer());
    const chunks = [];
    const reader = response.body.getReader();
    for (let received = 0;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      show_progress(received += value.byteLength);
    }
    return WebAssembly.compile(await new Blob(chunks).arrayBuffer());
  }

  function not_loaded(error) {
    netsplit.fail('The program could not be loaded: ' + (error && error.message || 'the connection was lost') + '.',
      'This is usually over in a moment.');
  }

  function start() {
    if (location.protocol === 'file:') {
      return netsplit.fail('Browsers load no program from a file: this page has to come from a web server.',
        'In the project’s folder, ./dev run starts one.');
    }
    if (typeof WebAssembly !== 'object' || !WebAssembly.instantiate) {
      return netsplit.fail('Netsplit is a WebAssembly program, and this browser does not run those.',
        'Any current Firefox, Chrome, Edge or Safari does; some of them switch it off in a locked-down mode.');
    }
    // The program asks for the same context again and gets this one; asked here, nobody downloads in vain.
    const wanted = { alpha: false, depth: false, stencil: false, antialias: false };
    if (!by_id('canvas').getContext('webgl2', wanted)) return netsplit.no_webgl();

    const program = netsplit.program = load_program();  // Workers get it from here
    program.catch(not_loaded);
    Module.instantiateWasm = function (imports, receive) {
      program.then(async (compiled) => receive(await WebAssembly.instantiate(compiled, imports), compiled)).catch(stopped);
      return {};
    };
    Module.onAbort = stopped;
    addEventListener('error', (event) => {
      if (event.error instanceof WebAssembly.RuntimeError) stopped(event.error.message);
    });
    // After input.js and mirror.js, which the program calls.
    addEventListener('DOMContentLoaded', () => {
      const script = document.createElement('script');
      script.src = 'netsplit.js' + version;
      script.onerror = () => not_loaded(new Error('a part of it is missing on the server'));
      document.head.append(script);
    });
  }

  by_id('again').addEventListener('click', () => location.reload());
  by_id('wait').hidden = false;
  start();
})();
