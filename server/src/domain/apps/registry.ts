export type AppRegistry = {};
