//! A client that uses sessions, as the scripts see it.

use super::*;

/// What everybody may have on a channel here.
pub const CHANNEL: ChannelAttrs = ChannelAttrs {
    maxrequestsize: 4096,
    maxresponsesize: 4096,
    maxresponsesize_cached: 1024,
    maxoperations: 8,
    maxrequests: 4,
};

/// A client with one session, over one connection.
#[derive(Clone, Copy, Debug)]
pub struct SessionClient {
    pub client: ClientId,
    pub session: SessionId,
    pub connection: ConnectionId,
    /// Number of its last request on slot 0.
    pub sequenceid: u32,
}

/// A CREATE_SESSION with a back channel over connection 1.
pub fn create(clientid: ClientId, sequence: u32) -> CreateSession {
    CreateSession {
        clientid,
        sequence,
        principal: ROOT,
        connection: ConnectionId(1),
        minor: 1,
        back_channel: true,
        fore: CHANNEL,
        back: CHANNEL,
        cb_program: 0x4000_0000,
        sec: Some(CallbackSec::None),
    }
}

impl World {
    pub fn exchange_id(
        &mut self,
        name: &str,
        boot: u8,
        principal: Principal,
        update: bool,
    ) -> Result<ClientExchanged, Status> {
        let args = ExchangeId { name: name.as_bytes(), verifier: [boot; 8], principal, update };
        self.core.exchange_id(self.now, args)
    }

    pub fn create_session(&mut self, command: &CreateSession) -> Result<SessionCreated, Status> {
        self.core.create_session(self.now, command)
    }

    /// A confirmed client that reclaims nothing, with a back channel over connection number `connection`.
    pub fn session_client(&mut self, name: &str, connection: u64) -> SessionClient {
        let client = self.reclaiming_client(name, connection);
        self.core.reclaim_complete(self.now, client.client).unwrap();
        client
    }

    /// One that has not said that it will reclaim no more.
    pub fn reclaiming_client(&mut self, name: &str, connection: u64) -> SessionClient {
        let found = self.exchange_id(name, 1, ROOT, false).unwrap();
        let connection = ConnectionId(connection);
        let command = CreateSession { connection, ..create(found.clientid, found.sequence) };
        let session = self.create_session(&command).unwrap().id;
        SessionClient { client: found.clientid, session, connection, sequenceid: 0 }
    }

    /// A process of a client of this name that uses sessions, with `file` open for reading and writing.
    pub fn session_process(
        &mut self,
        name: &'static str,
        connection: u64,
        file: &'static str,
    ) -> (SessionClient, Process) {
        let client = self.session_client(name, connection);
        let mut process = Process::of(client.client, name);
        self.open(&mut process, file, ShareAccess::BOTH, ShareDeny::NONE).unwrap();
        (client, process)
    }

    pub fn sequence(&mut self, command: &SequenceCommand) -> Result<SequenceTurn, Status> {
        self.core.sequence(self.now, command)
    }

    /// A lone SEQUENCE on slot 0; answers its status flags.
    pub fn flags(&mut self, who: &mut SessionClient) -> Result<u32, Status> {
        match self.sequence(&who.next())? {
            SequenceTurn::Go(reply, ticket) => {
                self.core.sequence_end(&ticket, None, true);
                who.sequenceid += 1;
                Ok(reply.status_flags)
            }
            other => panic!("not carried out: {other:?}"),
        }
    }
}

impl SessionClient {
    /// Its next request on slot 0.
    pub fn next(&self) -> SequenceCommand {
        SequenceCommand {
            sessionid: self.session,
            sequenceid: self.sequenceid + 1,
            slotid: 0,
            highest_slotid: 0,
            cachethis: false,
            connection: self.connection,
            request: Digest::from(self.sequenceid),
            request_bytes: 200,
            operations: 1,
        }
    }
}
