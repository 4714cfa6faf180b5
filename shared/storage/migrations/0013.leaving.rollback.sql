DROP TABLE todo.feeds;
DROP INDEX messaging.messages_of_mail;
DROP TABLE messaging.departures;
DROP TABLE voice.departures;
DROP TABLE todo.departures;
