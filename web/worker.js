// One job of the page: a program without a window. It is told once what to do, says how far it is, and ends.
'use strict';

onmessage = ({ data: { compiled, version, request } }) => {
  self.Module = {
    instantiateWasm(imports, receive) {
      // What goes wrong is thrown outside of any promise, so that the page hears of it.
      WebAssembly.instantiate(compiled, imports).then((instance) => receive(instance, compiled))
        .catch((error) => setTimeout(() => { throw error; }));
      return {};
    },
    onRuntimeInitialized() {
      setTimeout(() => {
        Module.ccall('worker_run', null, ['string'], [request]);
        close();
      });
    },
  };
  importScripts('netsplit-worker.js' + version);
};
