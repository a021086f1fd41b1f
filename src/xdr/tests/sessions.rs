//! The operations of NFSv4.1: the server's parsers and the types generated from the specification agree on what is
//! well-formed and where it ends, also with bytes changed.

use super::strategies as any_;
use super::v42::{agree, changes, rest};
use crate::nfs4::{SessionId, Stateid};
use crate::xdr::decode::{self, CallbackSec, StateProtect};
use crate::xdr::generated::nfs4::*;
use crate::xdr::{DecodeError, Encoder};
use proptest::collection::vec;
use proptest::prelude::*;

fn packed<T: xdr_codec::Pack<Encoder>>(args: &T) -> Vec<u8> {
    let mut enc = Encoder::new();
    enc.pack(args).expect("values are within their limits");
    enc.into_vec()
}

fn oids() -> impl Strategy<Value = Vec<sec_oid4>> {
    vec(any_::bytes().prop_map(sec_oid4), 0..3)
}

fn protect() -> impl Strategy<Value = state_protect4_a> {
    let ops = || {
        (any_::bitmap(), any_::bitmap()).prop_map(|(spo_must_enforce, spo_must_allow)| state_protect_ops4 {
            spo_must_enforce,
            spo_must_allow,
        })
    };
    let ssv = (ops(), oids(), oids(), any::<(u32, u32)>()).prop_map(
        |(ssp_ops, ssp_hash_algs, ssp_encr_algs, (ssp_window, ssp_num_gss_handles))| {
            let parms =
                ssv_sp_parms4 { ssp_ops, ssp_hash_algs, ssp_encr_algs, ssp_window, ssp_num_gss_handles };
            state_protect4_a::SP4_SSV(parms)
        },
    );
    prop_oneof![Just(state_protect4_a::SP4_NONE), ops().prop_map(state_protect4_a::SP4_MACH_CRED), ssv]
}

fn impl_id() -> impl Strategy<Value = nfs_impl_id4> {
    (any_::bytes(), any_::bytes(), any::<(i64, u32)>()).prop_map(|(domain, name, (seconds, nseconds))| {
        nfs_impl_id4 {
            nii_domain: utf8string(domain),
            nii_name: utf8string(name),
            nii_date: nfstime4 { seconds, nseconds },
        }
    })
}

fn exchange_id() -> impl Strategy<Value = EXCHANGE_ID4args> {
    (any_::verifier(), any_::bytes(), any::<u32>(), protect(), vec(impl_id(), 0..=1)).prop_map(
        |(co_verifier, co_ownerid, eia_flags, eia_state_protect, eia_client_impl_id)| EXCHANGE_ID4args {
            eia_clientowner: client_owner4 { co_verifier, co_ownerid },
            eia_flags,
            eia_state_protect,
            eia_client_impl_id,
        },
    )
}

fn channel() -> impl Strategy<Value = channel_attrs4> {
    (any::<[u32; 6]>(), vec(any::<u32>(), 0..=1)).prop_map(|(numbers, ca_rdma_ird)| {
        let [padding, request, response, cached, operations, requests] = numbers;
        channel_attrs4 {
            ca_headerpadsize: padding,
            ca_maxrequestsize: request,
            ca_maxresponsesize: response,
            ca_maxresponsesize_cached: cached,
            ca_maxoperations: operations,
            ca_maxrequests: requests,
            ca_rdma_ird,
        }
    })
}

fn security() -> impl Strategy<Value = Vec<callback_sec_parms4>> {
    let sys = (any::<(u32, u32, u32)>(), any_::bytes(), vec(any::<u32>(), 0..=16)).prop_map(
        |((stamp, uid, gid), machinename, gids)| {
            callback_sec_parms4::Const1(cb_authsys_parms4 { stamp, machinename, uid, gid, gids })
        },
    );
    let gss = (any_::bytes(), any_::bytes()).prop_map(|(server, client)| {
        callback_sec_parms4::Const6(gss_cb_handles4 {
            gcbp_service: rpc_gss_svc_t::RPC_GSS_SVC_INTEGRITY,
            gcbp_handle_from_server: gsshandle4_t(server),
            gcbp_handle_from_client: gsshandle4_t(client),
        })
    });
    vec(prop_oneof![Just(callback_sec_parms4::Const0), sys, gss], 0..4)
}

fn create_session() -> impl Strategy<Value = CREATE_SESSION4args> {
    (any::<(u64, u32, u32, u32)>(), channel(), channel(), security()).prop_map(
        |((csa_clientid, csa_sequence, csa_flags, csa_cb_program), fore, back, csa_sec_parms)| {
            CREATE_SESSION4args {
                csa_clientid,
                csa_sequence,
                csa_flags,
                csa_fore_chan_attrs: fore,
                csa_back_chan_attrs: back,
                csa_cb_program,
                csa_sec_parms,
            }
        },
    )
}

proptest! {
    #[test]
    fn clients(args in exchange_id(), changes in changes()) {
        agree(&args, &changes, |wire| rest(decode::exchange_id(wire)), false)?;
        let wire = packed(&args);
        let read = decode::exchange_id(&wire).map(|(_, read)| read).unwrap();
        prop_assert_eq!(read.clientowner.verifier, args.eia_clientowner.co_verifier.0);
        prop_assert_eq!(read.clientowner.id, &*args.eia_clientowner.co_ownerid);
        prop_assert_eq!(read.flags, args.eia_flags);
        prop_assert_eq!(read.state_protect, match args.eia_state_protect {
            state_protect4_a::SP4_NONE => StateProtect::None,
            state_protect4_a::SP4_MACH_CRED(_) => StateProtect::MachCred,
            state_protect4_a::SP4_SSV(_) => StateProtect::Ssv,
        });
    }

    #[test]
    fn sessions(args in create_session(), changes in changes()) {
        // The service of RPCSEC_GSS is not looked at.
        agree(&args, &changes, |wire| rest(decode::create_session(wire)), true)?;
        let wire = packed(&args);
        let read = decode::create_session(&wire).map(|(_, read)| read).unwrap();
        prop_assert_eq!(
            (read.clientid.0, read.sequence, read.flags, read.cb_program),
            (args.csa_clientid, args.csa_sequence, args.csa_flags, args.csa_cb_program)
        );
        prop_assert_eq!(
            (read.fore.maxrequestsize, read.fore.maxrequests, read.back.maxresponsesize, read.back.maxoperations),
            (
                args.csa_fore_chan_attrs.ca_maxrequestsize,
                args.csa_fore_chan_attrs.ca_maxrequests,
                args.csa_back_chan_attrs.ca_maxresponsesize,
                args.csa_back_chan_attrs.ca_maxoperations,
            )
        );
        let first = args.csa_sec_parms.iter().find(|one| !matches!(one, callback_sec_parms4::Const6(_)));
        match (read.sec, first) {
            (None, None) | (Some(CallbackSec::None), Some(callback_sec_parms4::Const0)) => {}
            (Some(CallbackSec::Sys(parms)), Some(callback_sec_parms4::Const1(sys))) => {
                prop_assert_eq!(parms.0, packed(sys));
            }
            other => prop_assert!(false, "{other:?}"),
        }
        let bca_sec_parms = args.csa_sec_parms;
        let control = BACKCHANNEL_CTL4args { bca_cb_program: args.csa_cb_program, bca_sec_parms };
        agree(&control, &changes, |wire| rest(decode::backchannel_ctl(wire)), true)?;
    }

    #[test]
    fn sequences(
        id in any::<[u8; 16]>(),
        (sequence, slot, highest, cache) in any::<(u32, u32, u32, bool)>(),
        changes in changes(),
    ) {
        let args = SEQUENCE4args {
            sa_sessionid: sessionid4(id),
            sa_sequenceid: sequence,
            sa_slotid: slot,
            sa_highest_slotid: highest,
            sa_cachethis: cache,
        };
        agree(&args, &changes, |wire| rest(decode::sequence(wire)), false)?;
        let wire = packed(&args);
        let read = decode::sequence(&wire).map(|(_, read)| read).unwrap();
        prop_assert_eq!(
            (read.sessionid, read.sequenceid, read.slotid, read.highest_slotid, read.cachethis),
            (SessionId(id), sequence, slot, highest, cache)
        );
        for bctsa_dir in [
            channel_dir_from_client4::CDFC4_FORE,
            channel_dir_from_client4::CDFC4_BACK,
            channel_dir_from_client4::CDFC4_FORE_OR_BOTH,
            channel_dir_from_client4::CDFC4_BACK_OR_BOTH,
        ] {
            let bctsa_sessid = sessionid4(id);
            let bind = BIND_CONN_TO_SESSION4args { bctsa_sessid, bctsa_dir, bctsa_use_conn_in_rdma_mode: cache };
            agree(&bind, &changes, |wire| rest(decode::bind_conn_to_session(wire)), false)?;
        }
        let destroy = DESTROY_SESSION4args { dsa_sessionid: sessionid4(id) };
        agree(&destroy, &changes, |wire| rest(decode::destroy_session(wire)), false)?;
    }

    #[test]
    fn stateids(list in vec(any_::stateid(), 0..6), rca_one_fs in any::<bool>(), changes in changes()) {
        let args = TEST_STATEID4args { ts_stateids: list.clone() };
        agree(&args, &changes, |wire| rest(decode::test_stateid(wire)), false)?;
        let wire = packed(&args);
        let read = decode::test_stateid(&wire).map(|(_, read)| read).unwrap();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), list.into_iter().map(Stateid::from).collect::<Vec<_>>());
        agree(&RECLAIM_COMPLETE4args { rca_one_fs }, &changes, |wire| rest(decode::reclaim_complete(wire)), false)?;
    }

    #[test]
    fn single_values(stateid in any_::stateid(), dca_clientid in any::<u64>(), changes in changes()) {
        agree(&FREE_STATEID4args { fsa_stateid: stateid }, &changes, |wire| rest(decode::free_stateid(wire)), false)?;
        agree(&DESTROY_CLIENTID4args { dca_clientid }, &changes, |wire| rest(decode::destroy_clientid(wire)), false)?;
        for style in [secinfo_style4::SECINFO_STYLE4_CURRENT_FH, secinfo_style4::SECINFO_STYLE4_PARENT] {
            agree(&SECINFO_NO_NAME4args { style }, &changes, |wire| rest(decode::secinfo_no_name(wire)), false)?;
        }
    }
}

#[test]
fn a_claim_of_more_than_there_is_is_refused() {
    for count in [1u32, 5000, 1 << 28, 1 << 30, u32::MAX] {
        let claim = count.to_be_bytes();
        assert_eq!(rest(decode::test_stateid(&claim)), Err(DecodeError::Truncated), "{count}");
        assert_eq!(rest(decode::getattr(&claim)), Err(DecodeError::Truncated), "{count}");
        assert_eq!(rest(decode::lookup(&claim)), Err(DecodeError::Truncated), "{count}");
    }
}
