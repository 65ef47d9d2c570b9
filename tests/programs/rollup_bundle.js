// What rollup.test has node do: bundles main.js beside this file by rollup. Arguments: rollup's folder, and its native half,
// which takes the place of what rollup would look for in node_modules.
const path = require('path')
const [folder, addon] = process.argv.slice(2).map(name => path.resolve(name))
const native = { exports: {} }
process.dlopen(native, addon)
const stand_in = path.join(folder, 'dist', 'native.js')
require.cache[stand_in] = { id: stand_in, filename: stand_in, loaded: true, exports: native.exports }

const { rollup } = require(path.join(folder, 'dist', 'rollup.js'))
const show = ({ output }) => output.forEach(chunk => console.log(chunk.fileName + '\n' + chunk.code))
rollup({ input: path.join(__dirname, 'main.js') })
    .then(bundle => bundle.generate({ format: 'cjs', entryFileNames: '[name]-[hash].js', exports: 'named' }))
    .then(show)
    .then(() => rollup({ input: path.join(__dirname, 'broken.js') }))
    .catch(error => console.log(error.code, error.loc.line, error.loc.column))
